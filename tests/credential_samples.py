"""Certificates and signed files for the tests of C2PA manifests, made when they run: nothing of anybody's is needed."""

import io
import json
import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier
from PIL import Image

c2pa = pytest.importorskip("c2pa", reason="needs the extra: pip install 'edgecode[credentials]'")

CLAIM_SIGNING = "1.3.6.1.4.1.62558.2.1"
TERMS = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
    "encipher_only", "decipher_only",
)  # fmt: skip
_SETTINGS = {
    "version": 1,
    "verify": {"verify_after_sign": False, "remote_manifest_fetch": False},
    "builder": {"thumbnail": {"enabled": False}},
}


class Signer:
    """Somebody with a certificate of an authority of their own. *days*: how long it is valid, from an hour ago."""

    def __init__(self, name: str = "Example Studio", *, days: float = 365.0) -> None:
        self._root_key = ec.generate_private_key(ec.SECP256R1())
        self.key = ec.generate_private_key(ec.SECP256R1())
        began = datetime.now(UTC) - timedelta(hours=1)
        self._root_name, own = _named(f"{name} root"), _named(name)
        root = _certificate(self._root_name, self._root_name, self._root_key.public_key(), began, 3650.0)
        root = root.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        root = root.add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        self.root = root.sign(self._root_key, hashes.SHA256())
        leaf = _certificate(own, self._root_name, self.key.public_key(), began, days)
        leaf = leaf.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        leaf = leaf.add_extension(_usage("digital_signature"), critical=True)
        leaf = leaf.add_extension(x509.ExtendedKeyUsage([ObjectIdentifier(CLAIM_SIGNING)]), critical=False)
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._root_key.public_key())
        self.leaf = leaf.add_extension(authority, critical=False).sign(self._root_key, hashes.SHA256())

    @property
    def anchor(self) -> str:
        """The authority's certificate, which a production may trust."""
        return self.root.public_bytes(serialization.Encoding.PEM).decode()

    def signed(
        self,
        data: bytes,
        manifest: dict[str, Any],
        media_type: str = "image/png",
        *,
        beside: bool = False,
        remote: str = "",
        ingredients: Sequence[tuple[dict[str, Any], str, bytes]] = (),
    ) -> tuple[bytes, bytes]:
        """The file with its manifest, and the manifest store. *beside*: the file stays as it is. *remote*: it only says where."""
        out = io.BytesIO()
        encoding, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        info = c2pa.C2paSignerInfo(
            alg=b"es256",
            sign_cert=b"".join(one.public_bytes(encoding) for one in (self.leaf, self.root)),
            private_key=self.key.private_bytes(encoding, pkcs8, serialization.NoEncryption()),
            ta_url=None,
        )
        with c2pa.Context.from_dict(_SETTINGS) as context, c2pa.Builder(manifest, context) as builder:
            for about, kind, content in ingredients:
                builder.add_ingredient(about, kind, io.BytesIO(content))
            if beside or remote:
                builder.set_no_embed()
            if remote:
                builder.set_remote_url(remote)
            with c2pa.Signer.from_info(info) as signer:
                store = builder.sign(signer, media_type, io.BytesIO(data), out)
        return (data if beside else out.getvalue()), store


def _named(name: str) -> x509.Name:
    pairs = ((NameOID.COUNTRY_NAME, "US"), (NameOID.ORGANIZATION_NAME, name), (NameOID.COMMON_NAME, name))
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in pairs])


def _usage(*true: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: name in true for name in _USAGES})


def _certificate(
    own: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, began: datetime, days: float
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def action(name: str, source: str = "", agent: str = "", **others: Any) -> dict[str, Any]:
    """One action of C2PA; *source*: the last part of IPTC's term."""
    said: dict[str, Any] = {"action": f"c2pa.{name}", **others}
    if source:
        said["digitalSourceType"] = TERMS + source
    if agent:
        said["softwareAgent"] = {"name": agent, "version": "3.1"}
    return said


def manifest(*actions: dict[str, Any], title: str = "Ann Example's lighthouse") -> dict[str, Any]:
    """A manifest with these actions and a title that is nobody's business."""
    data = {"actions": list(actions), "allActionsIncluded": True}
    return {
        "title": title,
        "claim_generator_info": [{"name": "Example Writer", "version": "1.2"}],
        "assertions": [{"label": "c2pa.actions.v2", "created": True, "data": data}],
    }


def firefly() -> dict[str, Any]:
    """What a service that generates pictures says of one."""
    return manifest(action("created", "trainedAlgorithmicMedia", "Adobe Firefly"))


def picture(kind: str = "PNG", colour: tuple[int, int, int] = (9, 99, 200)) -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, kind)
    return out.getvalue()


def comfy_picture(seed: int = 7) -> bytes:
    """A picture in which ComfyUI wrote how it generated it."""
    from PIL.PngImagePlugin import PngInfo

    graph = {
        "3": {"class_type": "KSampler", "inputs": {"seed": seed, "steps": 20, "cfg": 7, "sampler_name": "euler", "scheduler": "normal",
              "denoise": 1, "model": ["4", 0], "positive": ["6", 0], "negative": ["6", 0], "latent_image": ["5", 0]}},
        "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "film.safetensors"}},
        "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 64, "height": 48, "batch_size": 1}},
        "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a lighthouse", "clip": ["4", 1]}},
        "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
        "9": {"class_type": "SaveImage", "inputs": {"filename_prefix": "x", "images": ["8", 0]}},
    }  # fmt: skip
    words = PngInfo()
    words.add_text("prompt", json.dumps(graph))
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (seed % 255, 3, 7)).save(out, "PNG", pnginfo=words)
    return out.getvalue()


def movie() -> bytes:
    """The boxes of a tiny MP4, without pictures in it."""
    ftyp = struct.pack(">I4s4sI4s", 20, b"ftyp", b"isom", 512, b"isom")
    return ftyp + struct.pack(">I4s", 8, b"free") + struct.pack(">I4s", 16, b"mdat") + bytes(8)
