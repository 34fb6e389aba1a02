"""A person without a mouse: goes by Tab, opens by Enter, chooses by Space and arrows."""

from types import TracebackType

from playwright.sync_api import Browser, Page

from scripts.demo_server import Account, DemoServer

MOST_TABS = 220
# What a person hears or reads of what has the focus: its label, its text, or the legend and label of a choice.
SPOKEN = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return "";
  const words = (node) => (node?.textContent ?? "").replace(/\\s+/g, " ").trim();
  const labels = [...(it.labels ?? [])].map(words).join(" ");
  const isChoice = it.type === "radio" || it.type === "checkbox";
  const group = isChoice ? words(it.closest("fieldset")?.querySelector("legend")) : "";
  return [group, labels || it.getAttribute("aria-label") || words(it)].filter(Boolean).join(": ");
}"""


class Keyboard:
    """One person's tab, steered by keys only; in Swedish."""

    def __init__(self, browser: Browser, server: DemoServer) -> None:
        self.server = server
        self.context = browser.new_context(locale="sv-SE", viewport={"width": 1280, "height": 900})
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(20_000)

    def __enter__(self) -> "Keyboard":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.context.close()

    def sign_in(self, email: str) -> None:
        """Open the pages as the holder of a demonstration account."""
        account: Account = next(one for one in self.server.accounts if one.email.startswith(email))
        self.open("/sign-in")
        self.fill("E-postadress", account.email)
        self.fill("Lösenord", account.password)
        self.enter()
        self.page.wait_for_url("**/work**")

    def open(self, path: str) -> None:
        """Write an address, as one does from a letter or a bookmark."""
        self.page.goto(f"{self.server.url}{path}")

    def spoken(self) -> str:
        """What has the focus, in words."""
        return str(self.page.evaluate(SPOKEN))

    def to(self, words: str) -> None:
        """Go on with Tab until something that begins with these words has the focus; starts over at the end once."""
        heard = []
        for _step in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            heard.append(self.spoken())
            if heard[-1].startswith(words):
                return
        raise AssertionError(f"{words!r} was not reached by Tab on {self.page.url}; heard {heard[:60]}")

    def enter(self) -> None:
        """Press Enter and wait for what comes of it."""
        self.page.keyboard.press("Enter")
        self.page.wait_for_load_state("load")

    def go(self, words: str) -> None:
        """Go to a link or a button and use it."""
        self.to(words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def unfold(self, words: str) -> None:
        """Open what is folded away."""
        self.to(words)
        self.page.keyboard.press("Enter")

    def fill(self, words: str, text: str) -> None:
        """Go to a field and write in it, in place of what stood there."""
        self.to(words)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)
        self.page.dispatch_event(":focus", "input")

    def groups(self) -> list[str]:
        """The names of the choices on the page, in order."""
        found = self.page.eval_on_selector_all(
            "main input[type=radio]", "all => [...new Set(all.map(one => one.name))]"
        )
        return [str(one) for one in found]

    def choose(self, group: str, steps: int) -> None:
        """Go to the choice with this name and take the one so many steps from its first, by arrows."""
        for _step in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement.type === 'radio' && document.activeElement.name") == group:
                break
        else:
            raise AssertionError(f"the choice {group!r} was not reached by Tab on {self.page.url}")
        self.page.keyboard.press("Space")
        for _step in range(steps):
            self.page.keyboard.press("ArrowDown")

    def pick(self, words: str, value: str) -> None:
        """Go to a list of alternatives and write the beginning of one."""
        self.to(words)
        self.page.keyboard.type(value)

    def text(self) -> str:
        """Everything on the page, as read."""
        return self.page.inner_text("body")
