"""Quantiles and errors of counts against the distributions themselves."""

import numpy as np
import pytest
from scipy import stats

from acd.staffing.outlook import GammaOutlook, NormalOutlook, poisson_error


@pytest.mark.parametrize("mean", [0.01, 0.7, 3.0, 20.0, 578.4])
def test_error_of_a_poisson_count_whose_mean_is_known(mean: float) -> None:
    counts = np.arange(2000)
    expected = (np.abs(counts - mean) * stats.poisson.pmf(counts, mean)).sum()
    assert float(poisson_error(np.array(mean))) == pytest.approx(expected, rel=1e-9)


def test_small_counts_have_the_quantiles_of_a_negative_binomial() -> None:
    outlook = GammaOutlook(shape=3.0, scale=np.array([0.0, 0.1, 1.0, 40.0]))
    shares = [0.05, 0.1, 0.5, 0.9, 0.999]
    for share, found in zip(shares, outlook.calls_quantile(shares), strict=True):
        assert found[0] == 0
        expected = stats.nbinom.ppf(share, 3.0, 1 / (1 + outlook.scale[1:]))
        assert found[1:].tolist() == expected.tolist()
    assert outlook.rate_quantile(0.9)[3] == pytest.approx(
        stats.gamma.ppf(0.9, 3.0, scale=40.0)
    )


def test_squares_give_back_what_they_took_from_the_mean() -> None:
    drawn = np.random.default_rng(1).normal(5.0, 1.5, 400_000) ** 2 - 0.25
    outlook = NormalOutlook(roots=np.array([5.0]), variance=np.array([2.25]))
    assert outlook.calls()[0] == pytest.approx(drawn.mean(), rel=0.005)
    assert outlook.calls_quantile(0.9)[0] == pytest.approx(
        np.quantile(drawn, 0.9), rel=0.01
    )
    assert outlook.rate_quantile(0.9)[0] < outlook.calls_quantile(0.9)[0]
