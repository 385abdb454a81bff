"""What the egress tests share."""

import pytest

from tests.integration.egress.certificates import Authority


@pytest.fixture(scope="session")
def authority(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))
