"""What every distribution has to have, whoever writes it."""

import pytest

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
    assert project["dynamic"] == ["version"]
    assert project["license"] == "Apache-2.0"
    assert project["license-files"] == ["LICENSE"]
    assert project["requires-python"] == ">=3.11"
    assert "Typing :: Typed" in project["classifiers"]
    assert (each.folder / project["readme"]).is_file()
    assert (each.package / "py.typed").is_file()


@DISTRIBUTIONS
def test_the_folder_has_the_distributions_name(each: Distribution) -> None:
    """Sessions, documents and people find a distribution by its name."""
    assert each.folder.name == each.name
