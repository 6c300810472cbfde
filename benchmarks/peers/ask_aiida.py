"""Peer: AiiDA on its SQLite storage, asked its best supported way: bulk_insert (its archive import's call) and the graph traverser.

Run in an environment of its own:
    export AIIDA_PATH=$(mktemp -d)
    verdi profile setup core.sqlite_dos -n --profile-name bench --email a@b.example --first-name A --last-name B --institution C \
        --set-as-default --broker none
    python benchmarks/peers/ask_aiida.py [shots] > aiida.json
`closure ms` is the better of QueryBuilder and traverse_graph. `cut s` is one traversal from all clips: the union of ancestors with
links, no word on frames or on which clip needs what, so it flatters it.
"""

import datetime
import uuid

from aiida import load_profile, orm
from aiida.common.links import LinkType
from aiida.manage import get_manager
from aiida.orm.entities import EntityTypes
from aiida.tools.graph.graph_traversers import traverse_graph

from lineage_show import digest, settings
from questions import CHUNK, closures, figures, finish, show, timed

steps = show.steps
load_profile()
backend = get_manager().get_profile_storage()
user = orm.User.collection.get_default().pk
now = datetime.datetime.now(datetime.UTC)
version_id, step_id = [0] * len(steps), [0] * len(steps)
LINKS = [LinkType.CREATE, LinkType.INPUT_CALC]


def node(node_type, label, attributes):
    """A row of AiiDA's table of nodes."""
    return {
        "uuid": str(uuid.uuid4()), "node_type": node_type, "process_type": None, "label": label, "description": "", "ctime": now,
        "mtime": now, "attributes": attributes, "extras": {}, "repository_metadata": {}, "dbcomputer_id": None, "user_id": user,
    }  # fmt: skip


def written(numbers):
    """One chunk of versions, steps and links."""
    versions = [node("data.core.dict.Dict.", "version", {"digest": digest(n).hex()}) for n in numbers]
    version_id[numbers.start : numbers.stop] = backend.bulk_insert(EntityTypes.NODE, versions)
    kind = "process.calculation.calcfunction.CalcFunctionNode."
    made = [node(kind, steps[n].kind, {"settings": settings(n)}) for n in numbers]
    step_id[numbers.start : numbers.stop] = backend.bulk_insert(EntityTypes.NODE, made)
    links = []
    for n in numbers:
        links.append(
            {"input_id": step_id[n], "output_id": version_id[n], "label": "result", "type": LinkType.CREATE.value}
        )
        links += [
            {
                "input_id": version_id[source],
                "output_id": step_id[n],
                "label": f"in{i}",
                "type": LinkType.INPUT_CALC.value,
            }
            for i, (source, _) in enumerate(steps[n].inputs)
        ]
    backend.bulk_insert(EntityTypes.LINK, links)


def ingest():
    """Every version, step and link, a transaction for each chunk."""
    for first in range(0, len(steps), CHUNK):
        with backend.transaction():
            written(range(first, min(len(steps), first + CHUNK)))


figures["ingest steps/s"] = len(steps) / timed(ingest)[1]
number_of = {identity: number for number, identity in enumerate(version_id)}


def traversed(versions):
    """Everything behind versions, by AiiDA's own walk of the graph."""
    nodes = traverse_graph([version_id[one] for one in versions], links_backward=LINKS)["nodes"]
    return {number_of[one] for one in nodes if one in number_of}


def built(version):
    """The same of one version, by its table of all ancestors."""
    query = orm.QueryBuilder().append(orm.Node, filters={"id": version_id[version]}, tag="asked")
    query.append(orm.Data, with_descendants="asked", project=["id"]).distinct()
    return {number_of[one] for one in query.all(flat=True)}


closures("closure by QueryBuilder ms", built)
closures("closure by traverse_graph ms", lambda clip: traversed([clip]))
figures["closure ms"] = min(figures["closure by QueryBuilder ms"], figures["closure by traverse_graph ms"])
everything = [version_id[clip] for clip in show.clips]
_, figures["cut s"] = timed(lambda: traverse_graph(everything, get_links=True, links_backward=LINKS))

finish("aiida")
