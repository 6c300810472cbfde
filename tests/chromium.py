"""Drives a real Chromium over its debugging pipe with the standard library alone: no driver, no port, no network."""

import base64
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

BROWSERS = ("chromium", "chromium-headless-shell", "chromium-browser", "google-chrome", "chrome")
PROGRAM = next((found for name in BROWSERS if (found := shutil.which(name))), None)

needs_browser = pytest.mark.skipif(PROGRAM is None, reason=f"NO BROWSER: none of {', '.join(BROWSERS)} is installed")

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)


class Page:
    """One open page. *messages*: errors and warnings of its console, broken promises of its policy, exceptions.
    *asked*: every address that it tried to load."""

    def __init__(self, write: int, read: int) -> None:
        self._write, self._read, self._rest, self._last = write, read, b"", 0
        self._session = ""
        self.messages: list[str] = []
        self.asked: list[str] = []

    def attach(self) -> None:
        """Take over the first page that the browser has."""
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(target for target in targets if target["type"] == "page")
        self._session = self.call("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def open(self, path: Path, *, width: int, height: int, dark: bool = False, fragment: str = "") -> None:
        """Show a file and wait until its script says that it is ready."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        address = path.as_uri() + fragment
        self.call("Page.navigate", url=address)
        for _ in range(500):
            told = self.call(
                "Runtime.evaluate",
                expression="[location.href.split('#')[0], document.documentElement?.dataset.ready].join(' ')",
            )
            if told["result"].get("value") == f"{path.as_uri()} yes":
                return
            time.sleep(0.02)
        raise AssertionError(f"the page did not become ready: {self.messages}")

    def value(self, expression: str) -> object:
        """The value of a JavaScript expression on the page."""
        told = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def click(self, x: float, y: float) -> None:
        """Press and let go of the mouse at a place of the window."""
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def hover(self, x: float, y: float) -> None:
        """Move the mouse to a place of the window."""
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def press(self, key: str) -> None:
        """Press a key; letters give text."""
        text = {"text": key} if len(key) == 1 else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    def choose(self, selector: str, path: Path) -> None:
        """Give a file to an ``<input type=file>``."""
        document = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=document, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=[str(path)])

    def go_offline(self) -> None:
        """From here on nothing can be loaded from a network."""
        nothing = {"latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
        self.call("Network.emulateNetworkConditions", offline=True, **nothing)

    def screenshot(self, *, whole: bool = False) -> bytes:
        """A PNG of the window, or of the whole page."""
        return base64.b64decode(self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"])

    def call(self, method: str, **parameters: object) -> dict:
        """One command of the debugging protocol and its answer; events on the way are noted."""
        self._last += 1
        command = {"id": self._last, "method": method, "params": parameters}
        if self._session:
            command["sessionId"] = self._session
        os.write(self._write, json.dumps(command).encode() + b"\0")
        while True:
            told = self._next()
            if told.get("id") == self._last:
                assert "error" not in told, told
                return told["result"]
            self._note(told)

    def _next(self) -> dict:
        while b"\0" not in self._rest:
            data = os.read(self._read, 1 << 20)
            assert data, "the browser ended"
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\0")
        return json.loads(line)

    def _note(self, told: dict) -> None:
        method, about = told.get("method"), told.get("params", {})
        if method == "Runtime.exceptionThrown":
            self.messages.append(about["exceptionDetails"].get("exception", {}).get("description", "exception"))
        elif method == "Log.entryAdded" and about["entry"]["level"] in ("error", "warning"):
            self.messages.append(about["entry"]["text"])
        elif method == "Runtime.consoleAPICalled" and about["type"] in ("error", "warning", "assert"):
            self.messages.append(json.dumps(about["args"]))
        elif method == "Network.requestWillBeSent":
            self.asked.append(about["request"]["url"])


@contextmanager
def opened(profile: Path) -> Iterator[Page]:
    """A page in a browser of its own, which ends with the block."""
    assert PROGRAM is not None
    to_browser, ours_out = os.pipe()
    ours_in, from_browser = os.pipe()

    # The browser reads commands from descriptor 3 and answers on 4.
    script = 'exec 3<&"$1" 4>&"$2"; shift 2; exec "$@"'
    command = ["bash", "-c", script, "-", str(to_browser), str(from_browser), PROGRAM, *_FLAGS]
    browser = subprocess.Popen(
        [*command, f"--user-data-dir={profile}", "about:blank"],
        pass_fds=(to_browser, from_browser),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(to_browser)
    os.close(from_browser)
    try:
        page = Page(ours_out, ours_in)
        page.attach()
        yield page
    finally:
        browser.terminate()
        browser.wait(20)
        os.close(ours_out)
        os.close(ours_in)
