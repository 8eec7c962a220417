"""Chromium without a window, driven over its pipe (DevTools protocol); the standard library alone."""

import base64
import fcntl
import itertools
import json
import os
import pathlib
import queue
import shutil
import subprocess
import tempfile
import threading
import time

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-pipe")
NAMES = ("chromium", "chromium-browser", "google-chrome")
ANSWER_SECONDS = 60


def find():
    return next((path for path in map(shutil.which, NAMES) if path), None)


def high(descriptor):
    """The same, out of the way of 3 and 4, which Chromium reads and writes."""
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(descriptor)
    return moved


class Browser:
    def __init__(self, program):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        (their_in, our_out), (our_in, their_out) = (map(high, os.pipe()) for _ in range(2))

        def connect():
            os.dup2(their_in, 3)
            os.dup2(their_out, 4)

        self.process = subprocess.Popen([program, *FLAGS, f"--user-data-dir={self.profile.name}", "about:blank"], preexec_fn=connect,
                                        close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(their_in)
        os.close(their_out)
        self.out, self.replies, self.numbers, self.events = our_out, queue.Queue(), itertools.count(1), []
        threading.Thread(target=self.listen, args=(our_in,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.profile.cleanup()

    def listen(self, descriptor):
        with os.fdopen(descriptor, "rb") as pipe:
            rest = b""
            while block := pipe.read1(1 << 16):
                *messages, rest = (rest + block).split(b"\0")
                for message in map(json.loads, messages):
                    self.replies.put(message) if "id" in message else self.events.append(message)
        self.replies.put({"error": "the browser ended"})

    def call(self, method, session=None, **parameters):
        message = {"id": next(self.numbers), "method": method, "params": parameters, **({"sessionId": session} if session else {})}
        os.write(self.out, json.dumps(message).encode() + b"\0")
        reply = self.replies.get(timeout=ANSWER_SECONDS)
        if "error" in reply:
            raise RuntimeError(f"{method}: {reply['error']}")
        return reply["result"]

    def open(self, path, **look):
        return Page(self, path, **look)


class Page:
    """A page in a tab of its own, loaded; what it logged and asked the network for is kept."""

    def __init__(self, browser, path, width=1280, height=900, dark=False, scripts=True):
        self.browser = browser
        context = browser.call("Target.createBrowserContext")["browserContextId"]  # with a storage of its own
        target = browser.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.look(dark)
        self.call("Page.navigate", url=pathlib.Path(path).resolve().as_uri())
        while self.value("location.href") == "about:blank" or self.value("document.readyState") != "complete":
            time.sleep(0.01)

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def look(self, dark=False, media=""):
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", media=media, features=features)
        self.value("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))")  # the page takes notice

    def value(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def press(self, key, code=0, text=None, modifiers=0):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, modifiers=modifiers,
                      **({"text": text} if text and kind == "keyDown" else {}))

    def type(self, text):
        self.call("Input.insertText", text=text)

    def events(self, method):
        return [event["params"] for event in self.browser.events if event.get("sessionId") == self.session and event["method"] == method]

    def complaints(self):
        """What the page logged as a warning or an error, and what it threw."""
        logged = [event["entry"]["text"] for event in self.events("Log.entryAdded")]
        console = [str(event["args"]) for event in self.events("Runtime.consoleAPICalled") if event["type"] in ("error", "warning", "assert")]
        return logged + console + [str(event["exceptionDetails"]) for event in self.events("Runtime.exceptionThrown")]

    def requests(self):
        """Everything asked for but the page itself and what is written into it."""
        return [event["request"]["url"] for event in self.events("Network.requestWillBeSent")
                if not event["request"]["url"].startswith(("data:", "file:")) or event["type"] != "Document"]

    def screenshot(self, path, **area):
        """Of the whole page, or of clip={x, y, width, height, scale}."""
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, **area)
        pathlib.Path(path).write_bytes(base64.b64decode(shot["data"]))
