"""What every distribution has to have, whoever writes it."""

import runpy
from importlib.metadata import distribution

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from tools.distributions import ROOT, Distribution, discover

DISTRIBUTIONS = pytest.mark.parametrize("each", discover(), ids=lambda each: each.name)


@DISTRIBUTIONS
def test_the_licence_is_the_repositorys(each: Distribution) -> None:
    """A wheel or an sdist is built from its folder alone, so each folder has a copy."""
    assert (each.folder / "LICENSE").read_text() == (ROOT / "LICENSE").read_text()


@DISTRIBUTIONS
def test_the_metadata_is_complete(each: Distribution) -> None:
    """What the index shows is there, and the version comes from the tag."""
    project = each.metadata["project"]
    assert project["dynamic"][:2] == ["version", "dependencies"]
    assert ("optional-dependencies" in project["dynamic"]) == bool(each.extras)
    assert project["license"] == "Apache-2.0"
    assert project["license-files"] == ["LICENSE"]
    assert project["requires-python"] == ">=3.11"
    assert "Typing :: Typed" in project["classifiers"]
    assert (each.folder / project["readme"]).is_file()
    assert (each.package / "py.typed").is_file()


@DISTRIBUTIONS
def test_the_hook_that_completes_the_metadata_is_the_same(each: Distribution) -> None:
    """A wheel is built from its folder alone, so each folder has a copy."""
    core = discover()[0].folder
    assert (each.folder / "hatch_build.py").read_text() == (core / "hatch_build.py").read_text()
    included = each.metadata["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    assert "/hatch_build.py" in included


@pytest.mark.parametrize(
    ("version", "pin"),
    [
        ("1.2.3", "~=1.2.0"),
        ("0.1.0", "~=0.1.0"),
        ("0.1.dev345+gf5b8e31", ">=0.1.0.dev0,<0.2"),
        ("1.2.4.dev3+g0", ">=1.2.0.dev0,<1.3"),
        ("2.0.0rc1", ">=2.0.0.dev0,<2.1"),
    ],
)
def test_our_distributions_need_each_other_in_the_same_minor_version(
    version: str, pin: str
) -> None:
    hook = runpy.run_path(str(discover()[0].folder / "hatch_build.py"))
    given = ["lambda-durable", "lambda-durable-x", "lambda-durable-x[a,b]", "boto3>=1", "pluggy"]
    pinned = hook["pinned"](given, version)
    assert pinned == [*(f"{each}{pin}" for each in given[:3]), "boto3>=1", "pluggy"]
    assert SpecifierSet(pin).contains(version, prereleases=True)
    major, minor = Version(version).release[:2]
    for other in (f"{major}.{minor + 1}.0", f"{major + 1}.{minor}.0", f"{major}.{minor + 1}.0rc1"):
        assert not SpecifierSet(pin).contains(other, prereleases=True)


@DISTRIBUTIONS
def test_what_is_installed_needs_the_same_minor_version(each: Distribution) -> None:
    installed = distribution(each.name)
    ours = [Requirement(line) for line in installed.requires or () if "lambda-durable" in line]
    assert len(ours) == sum("lambda-durable" in line for line in each.requirements)
    for requirement in ours:
        assert requirement.specifier.contains(installed.version, prereleases=True)
        assert len(str(requirement.specifier)) > 0


@DISTRIBUTIONS
def test_the_folder_has_the_distributions_name(each: Distribution) -> None:
    """Sessions, documents and people find a distribution by its name."""
    assert each.folder.name == each.name
