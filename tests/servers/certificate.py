"""A certificate for 127.0.0.1, made for one run."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.servers import missing


@dataclass(frozen=True)
class Certificate:
    certificate: Path
    """Also the authority to trust: it signs itself."""
    key: Path


def make_certificate(folder: Path) -> Certificate | None:
    """None where openssl is missing."""
    openssl = shutil.which("openssl")
    if openssl is None:
        missing("openssl")
        return None
    made = Certificate(folder / "cert.pem", folder / "key.pem")
    command = [
        openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
        "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost",
        "-keyout", str(made.key), "-out", str(made.certificate),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    return made
