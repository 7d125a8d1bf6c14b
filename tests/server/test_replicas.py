"""Two replicas behind the nginx of ``.deploy`` with PostgreSQL for workshops: one of them is killed, what matters stands."""

import os
import re
import shutil
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import expect

from ics_core import population
from ics_core.scenario import Scenario
from ics_core.workshop import session, store
from pages.figures.population import about
from tests.conftest import ROOT, free_port, from_debian, wait_for
from tests.load.server import Server, finished
from tests.load.workshop import Figures, Phone
from tests.workshop.databases import postgresql  # noqa: F401 (a fixture)

DEPLOY = ROOT / ".deploy"
WAIT = 60_000


def nginx() -> Path | None:
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    return Path(found) if found else None


class Site:
    """nginx as in ``.deploy``, two replicas on loopback and their database."""

    def __init__(self, folder: Path, database: str) -> None:
        program = from_debian(nginx, "nginx")
        shared = {store.PLACE: database, "STREAMLIT_SERVER_COOKIE_SECRET": "the same on both"}
        self.database, self.replicas, self.port = database, [Server(shared), Server(shared)], free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        shutil.copy(DEPLOY / "nginx.conf", folder)
        servers = [f"server 127.0.0.1:{one.port} max_fails=1 fail_timeout=10s;" for one in self.replicas]
        (folder / "replicas.conf").write_text("\n".join(servers))
        (folder / "listen.conf").write_text(f"listen 127.0.0.1:{self.port};")
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.proxy = subprocess.Popen(
                [program, "-p", folder, "-c", folder / "nginx.conf", "-g", "daemon off;"], stdout=log, stderr=log
            )
        for address in (self.address, *(one.address for one in self.replicas)):
            wait_for(address)

    def visits(self, replica: Server) -> int:
        """How many browsers a replica has now; it tells this machine, not those who come through the proxy."""
        told = urllib.request.urlopen(f"{replica.address}/_stcore/metrics", timeout=20).read().decode()
        return int(re.search(r"^active_sessions (\d+)", told, re.M)[1])

    def stop(self) -> None:
        self.proxy.terminate()
        self.proxy.wait(timeout=20)
        for one in self.replicas:
            one.kill()


@pytest.fixture(scope="module")
def site(tmp_path_factory, postgresql):  # noqa: F811
    one = Site(tmp_path_factory.mktemp("site"), postgresql())
    yield one
    one.stop()


def residents(migration: float) -> str:
    return about(population.growth(Scenario(migration=migration), places="footprint")["after"].iloc[0])


def test_text_is_compressed_and_a_browser_keeps_to_one_replica(site):
    request = urllib.request.Request(f"{site.address}/", headers={"Accept-Encoding": "gzip"})
    first = urllib.request.urlopen(request, timeout=60)
    assert first.headers["content-encoding"] == "gzip" and first.headers["content-security-policy"]
    seat = first.headers["set-cookie"]
    assert re.match(r"explorer_seat=\w+; Path=/; HttpOnly", seat)
    for _ in range(6):
        again = urllib.request.Request(f"{site.address}/version", headers={"Cookie": seat.split(";")[0]})
        assert urllib.request.urlopen(again, timeout=60).headers["set-cookie"] is None
    lines = [line for line in site.log.read_text().splitlines() if " /version " in line]
    assert len(lines) == 6 and len({line.split()[-1] for line in lines}) == 1
    assert all(re.fullmatch(r"\S+ \w{32} 200 GET /version \d+ [\d.]+ 127\.0\.0\.1:\d+", line) for line in lines)


def test_metrics_do_not_go_through_the_proxy(site):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{site.address}/_stcore/metrics", timeout=60)


def test_when_a_replica_dies_scenario_comparison_and_workshop_stand(chromium, site):
    place = store.at(site.database)
    asked = next(iter(session.sessions().values())).questions[:2]
    workshop, _ = place.create("Hall", "", asked)
    phone, said = Phone(1, site.port, Figures()), [q.low for q in asked]
    finished(phone.join(workshop.code))
    phone.streams = None
    place.act(workshop.code, "forward")

    window = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = window.new_page()
    page.goto(f"{site.address}/population?migration=200")
    lever = page.get_by_role("slider", name="People moving in")
    head = page.locator(".st-key-live-head")
    expect(lever).to_have_value("200", timeout=WAIT)
    page.get_by_role("button", name="Keep as A").click(timeout=WAIT)
    page.wait_for_url("**kept=*", timeout=WAIT)
    lever.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**migration=250*", timeout=WAIT)
    expect(head).to_contain_text(residents(250), timeout=WAIT)

    counts = [site.visits(one) for one in site.replicas]
    assert sorted(counts) == [0, 1]
    gone, left = sorted(site.replicas, key=site.visits, reverse=True)
    gone.kill()
    for _ in range(240):
        if site.visits(left) == 1:
            break
        page.wait_for_timeout(250)
    assert site.visits(left) == 1, "the browser did not come back"

    lever.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**migration=300*", timeout=WAIT)
    assert "kept=migration" in page.url
    expect(head).to_contain_text(residents(300), timeout=WAIT)
    expect(lever).to_have_value("300", timeout=WAIT)
    expect(page.get_by_role("button", name="Drop A")).to_be_visible(timeout=WAIT)
    window.close()

    finished(phone.answer(workshop.code, asked[0], said[0], patience=60))
    assert [one.value for one in place.given(workshop.code)] == [asked[0].check(said[0])]
    place.close()
    store.at.cache_clear()


# ----------------------------------------------------------------------------------- what is written


def test_what_the_image_runs_on_is_what_app_and_core_import():
    """Each package that is imported is in the requirements of the run, none that tests it is."""
    run = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    packages = {line.split("==")[0].split("[")[0].lower() for line in run.splitlines() if "==" in line}
    assert not packages & {"pytest", "playwright", "ruff", "mypy", "hypothesis", "frictionless"}
    assert {"streamlit", "psycopg", "segno", "jinja2", "vl-convert-python", "xstatic-leaflet"} <= packages
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    for name in re.findall(r"^COPY (.+) \S+$", dockerfile, re.M):
        for one in name.split():
            assert (ROOT / one).exists(), one
            assert f"!{one}" in (DEPLOY / "Dockerfile.dockerignore").read_text().split(), one


def test_the_image_is_no_root_listens_and_is_looked_after():
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^USER 10001$", dockerfile, re.M) and "STREAMLIT_SERVER_ADDRESS=0.0.0.0" in dockerfile
    assert "HEALTHCHECK" in dockerfile and "/_stcore/health" in dockerfile


def test_two_replicas_share_database_and_secret_wherever_they_run():
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    replicas = re.findall(r"^server ([\w-]+):8501", (DEPLOY / "replicas.conf").read_text(), re.M)
    assert len(replicas) == 2 and all(store.PLACE in services[one]["environment"] for one in replicas)
    kinds = {one["kind"]: one for one in yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8"))}
    (app,) = kinds["Deployment"]["spec"]["template"]["spec"]["containers"]
    needed = {"STREAMLIT_SERVER_COOKIE_SECRET", store.PLACE}
    assert needed <= {one["name"] for one in app["env"]} and needed <= set(services[replicas[0]]["environment"])
    assert kinds["Ingress"]["metadata"]["annotations"]["nginx.ingress.kubernetes.io/affinity"] == "cookie"
