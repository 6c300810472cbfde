"""What every KeyStore must pass (`edgecode.people.store`). Subclass, and let `open_keys` open the same place again and again."""

from edgecode.people.store import KeyStore, id_hash
from edgecode.testing.claims import refused

ONE, TWO, THREE = (bytes([number]) * 32 for number in (1, 2, 3))


class KeyStoreSuite:
    """For a store of keys that may be opened several times."""

    def open_keys(self, *, create: bool) -> KeyStore:
        """The keys at the place of this test; *create*: new ones when there are none."""
        raise NotImplementedError

    def test_only_who_says_so_makes_new_keys(self) -> None:
        assert refused(lambda: self.open_keys(create=False)) == "keys.absent"
        self.open_keys(create=True).create("p:1", ONE)
        assert self.open_keys(create=False).key("p:1") == ONE

    def test_a_key_is_kept_once_and_the_first_one_stays(self) -> None:
        keys = self.open_keys(create=True)
        keys.create("p:1", ONE)
        keys.create("p:1", TWO)

        assert (keys.key("p:1"), keys.key("p:2"), keys.is_destroyed("p:1"), keys.is_destroyed("p:2")) == (
            ONE,
            None,
            False,
            False,
        )

    def test_a_destroyed_key_stays_destroyed_and_leaves_the_hash_of_its_id(self) -> None:
        keys = self.open_keys(create=True)
        keys.create("s:1", ONE)
        keys.create("s:2", TWO)
        keys.destroy_forever("s:1")
        keys.create("s:1", THREE)
        later = self.open_keys(create=False)

        assert (later.key("s:1"), later.is_destroyed("s:1"), later.key("s:2")) == (None, True, TWO)
        assert (later.key_ids(), later.destroyed_hashes()) == (["s:2"], [id_hash("s:1")])

    def test_a_key_that_never_was_can_be_destroyed_beforehand(self) -> None:
        keys = self.open_keys(create=True)
        keys.destroy_forever("s:9")
        keys.create("s:9", ONE)

        assert (keys.key("s:9"), keys.is_destroyed("s:9")) == (None, True)

    def test_what_another_store_forgot_is_forgotten_here_too(self) -> None:
        keys = self.open_keys(create=True)
        keys.create("s:1", ONE)
        keys.create("s:2", TWO)
        for key_hash in (id_hash("s:1"), id_hash("s:7"), id_hash("s:7")):
            keys.forget_forever(key_hash)

        assert (keys.key_ids(), keys.is_destroyed("s:1"), keys.is_destroyed("s:7")) == (["s:2"], True, True)
        assert keys.destroyed_hashes() == sorted([id_hash("s:1"), id_hash("s:7")])

    def test_ids_come_in_order(self) -> None:
        keys = self.open_keys(create=True)
        for key_id in ("t:b", "p:z", "t:a", "s:M", "s:m"):
            keys.create(key_id, ONE)

        assert keys.key_ids() == ["p:z", "s:M", "s:m", "t:a", "t:b"]

    def test_keys_made_and_destroyed_together_are_so_afterwards_or_not_at_all(self) -> None:
        keys = self.open_keys(create=True)
        with keys.together():
            keys.create("s:1", ONE)
            keys.create("s:2", TWO)
        with keys.together():
            keys.destroy_forever("s:1")
            keys.create("s:3", THREE)
        try:
            with keys.together():
                keys.create("s:4", ONE)
                keys.destroy_forever("s:2")
                raise InterruptedError
        except InterruptedError:
            pass
        later = self.open_keys(create=False)

        assert (later.key_ids(), later.destroyed_hashes()) == (["s:2", "s:3"], [id_hash("s:1")])
