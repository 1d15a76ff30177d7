"""Further wrong answers to the exercises on forecasts, the filter and intervals, each with one thing changed."""

import math

import torch


def compared(y, forecasts, horizon):
    """What came, the last value and the forecast, with NaN left in."""
    return y[horizon:], y[:-horizon], forecasts[horizon:]


def known_of(*ones):
    """Where all are numbers."""
    return ~sum(ones).isnan()


def skill_of(errors, of_last):
    return float(1 - errors.square().sum() / of_last.square().sum())


def persistence_skill_of_zeros(y, forecasts, horizon):
    """What is missing is 0."""
    came, last, guess = (one.nan_to_num() for one in compared(y, forecasts, horizon))
    return skill_of(guess - came, last - came)


def persistence_skill_of_errors_that_are_0(y, forecasts, horizon):
    """Where something is missing the error is 0, each for itself."""
    came, last, guess = compared(y, forecasts, horizon)
    return skill_of((guess - came).nan_to_num(), (last - came).nan_to_num())


def persistence_skill_without_the_mean(y, forecasts, horizon):
    """An error that is always the same does not count."""
    came, last, guess = compared(y, forecasts, horizon)
    known = known_of(came, last, guess)
    errors, of_last = (guess - came)[known], (last - came)[known]
    return skill_of(errors - errors.mean(), of_last - of_last.mean())


def persistence_skill_as_a_correlation(y, forecasts, horizon):
    """How well forecast and value go together."""
    came, last, guess = compared(y, forecasts, horizon)
    known = known_of(came, last, guess)
    both = torch.stack([came[known], guess[known]])
    both = both - both.mean(1, keepdim=True)
    return float((both[0] * both[1]).sum() ** 2 / (both[0].square().sum() * both[1].square().sum()))


def persistence_skill_of_an_older_value(y, forecasts, horizon):
    """The last value is one time too old."""
    before = torch.cat([y.new_full((horizon + 1,), math.nan), y[: -horizon - 1]])
    known = known_of(y, before, forecasts)
    known[:horizon] = False
    return skill_of((forecasts - y)[known], (before - y)[known]) if known.any() else math.nan


def persistence_skill_of_the_last_known_value(y, forecasts, horizon):
    """Where the last value is missing, the one before it is the last."""
    filled = y.tolist()
    for t in range(1, len(filled)):
        filled[t] = filled[t - 1] if math.isnan(filled[t]) else filled[t]
    came, _, guess = compared(y, forecasts, horizon)
    last = torch.tensor(filled[:-horizon], dtype=y.dtype)
    known = known_of(came, last, guess)
    return skill_of((guess - came)[known], (last - came)[known])


def persistence_skill_in_percent(y, forecasts, horizon):
    """A hundred times too much."""
    came, last, guess = compared(y, forecasts, horizon)
    known = known_of(came, last, guess)
    return 100 * skill_of((guess - came)[known], (last - came)[known])


def persistence_skill_of_medians(y, forecasts, horizon):
    """The error in the middle, not all of them."""
    came, last, guess = compared(y, forecasts, horizon)
    known = known_of(came, last, guess)
    return float(1 - (guess - came)[known].square().median() / (last - came)[known].square().median())


def persistence_skill_time_by_time(y, forecasts, horizon):
    """The mean of the skills of all times."""
    came, last, guess = compared(y, forecasts, horizon)
    known = known_of(came, last, guess)
    return float((1 - (guess - came)[known].square() / (last - came)[known].square()).mean())


def persistence_skill_of_the_sum_of_errors(y, forecasts, horizon):
    """Errors up and down cancel each other before they are squared."""
    came, last, guess = compared(y, forecasts, horizon)
    known = known_of(came, last, guess)
    return float(1 - (guess - came)[known].sum() ** 2 / (last - came)[known].sum() ** 2)


def persistence_skill_without_the_last_time(y, forecasts, horizon):
    """The last time is left out."""
    came, last, guess = (one[:-1] for one in compared(y, forecasts, horizon))
    known = known_of(came, last, guess)
    return skill_of((guess - came)[known], (last - came)[known])


def persistence_skill_from_the_next_time_on(y, forecasts, horizon):
    """The first time with a last value is left out."""
    came, last, guess = (one[1:] for one in compared(y, forecasts, horizon))
    known = known_of(came, last, guess)
    return skill_of((guess - came)[known], (last - came)[known])


def persistence_skill_of_positive_numbers(y, forecasts, horizon):
    """What is not above 0 is taken for missing."""
    came, last, guess = compared(y, forecasts, horizon)
    known = (came > 0) & (last > 0) & (guess > 0)
    return skill_of((guess - came)[known], (last - came)[known])


def persistence_skill_of_what_is_not_0(y, forecasts, horizon):
    """0 is taken for missing."""
    came, last, guess = compared(y, forecasts, horizon)
    known = came.nan_to_num() * last.nan_to_num() * guess.nan_to_num() != 0
    return skill_of((guess - came)[known], (last - came)[known])


def persistence_skill_with_a_little_more_below(y, forecasts, horizon):
    """A small number keeps the division from failing."""
    came, last, guess = compared(y, forecasts, horizon)
    known = known_of(came, last, guess)
    return float(1 - (guess - came)[known].square().sum() / ((last - came)[known].square().sum() + 1e-8))


def moved(m, P, F, Q):
    """The state after its step."""
    return F @ m, F @ P @ F.T + Q


def measured(y, m, P, H, R):
    """The state after what was seen."""
    K = P @ H.T @ torch.linalg.inv(H @ P @ H.T + R)
    return m + K @ (y - H @ m), P - K @ H @ P


def seen_of(y, H, R):
    """What was seen, with its rows."""
    seen = ~y.isnan()
    return y[seen], H[seen], R[seen][:, seen]


def kalman_step_of_a_noise_that_moves_too(y, m, P, F, H, Q, R):
    """Q is moved as well."""
    y, H, R = seen_of(y, H, R)
    return measured(y, F @ m, F @ (P + Q) @ F.T, H, R)


def kalman_step_with_the_surprise_of_before(y, m, P, F, H, Q, R):
    """The measurement is compared with the state before its step."""
    y, H, R = seen_of(y, H, R)
    later, P = moved(m, P, F, Q)
    K = P @ H.T @ torch.linalg.inv(H @ P @ H.T + R)
    return later + K @ (y - H @ m), P - K @ H @ P


def kalman_step_of_half_a_joseph_form(y, m, P, F, H, Q, R):
    """Joseph's form without the part of the measurement's noise."""
    y, H, R = seen_of(y, H, R)
    m, P = moved(m, P, F, Q)
    K = P @ H.T @ torch.linalg.inv(H @ P @ H.T + R)
    kept = torch.eye(len(m), dtype=P.dtype) - K @ H
    return m + K @ (y - H @ m), kept @ P @ kept.T


def kalman_step_that_sees_what_it_expects(y, m, P, F, H, Q, R):
    """What was not seen is taken to be what was expected: certainty out of nothing."""
    m, P = moved(m, P, F, Q)
    return measured(torch.where(y.isnan(), H @ m, y), m, P, H, R)


def kalman_step_of_empty_rows(y, m, P, F, H, Q, R):
    """Rows of H are 0 where nothing was seen, but the noise of these rows is taken for seen."""
    m, P = moved(m, P, F, Q)
    missing = y.isnan()
    return measured(y.nan_to_num(), m, P, H.masked_fill(missing[:, None], 0.0), R)


def kalman_step_of_separate_numbers(y, m, P, F, H, Q, R):
    """Surprises that have nothing to do with each other: the diagonal of what is inverted."""
    y, H, R = seen_of(y, H, R)
    m, P = moved(m, P, F, Q)
    K = P @ H.T / (H @ P @ H.T + R).diagonal()
    return m + K @ (y - H @ m), P - K @ H @ P


def kalman_step_of_separate_states(y, m, P, F, H, Q, R):
    """Only variances are kept, no covariances."""
    y, H, R = seen_of(y, H, R)
    m, P = measured(y, *moved(m, P, F, Q), H, R)
    return m, P.diagonal().diag()


def kalman_step_of_squared_noise(y, m, P, F, H, Q, R):
    """R is taken for standard deviations."""
    y, H, R = seen_of(y, H, R)
    return measured(y, *moved(m, P, F, Q), H, R @ R)


def kalman_step_that_believes_what_it_sees(y, m, P, F, H, Q, R):
    """The state is what explains the measurement best."""
    y, H, R = seen_of(y, H, R)
    later, covariance = measured(y, *moved(m, P, F, Q), H, R)
    return (torch.linalg.pinv(H) @ y, covariance) if len(y) else (later, covariance)


def kalman_step_of_a_small_gain(y, m, P, F, H, Q, R):
    """A gain is a share, from 0 to 1."""
    y, H, R = seen_of(y, H, R)
    m, P = moved(m, P, F, Q)
    K = (P @ H.T @ torch.linalg.inv(H @ P @ H.T + R)).clamp(0, 1)
    return m + K @ (y - H @ m), P - K @ H @ P


def kalman_step_that_grows(y, m, P, F, H, Q, R):
    """The measurement makes the state less certain."""
    y, H, R = seen_of(y, H, R)
    later, covariance = moved(m, P, F, Q)
    m, P = measured(y, later, covariance, H, R)
    return m, 2 * covariance - P


def kalman_step_of_a_mean_that_stays(y, m, P, F, H, Q, R):
    """Where nothing was seen only the covariance is moved."""
    seen, H, R = seen_of(y, H, R)
    later, covariance = measured(seen, *moved(m, P, F, Q), H, R)
    return (later if len(seen) else m), covariance


def kalman_step_of_very_large_noise(y, m, P, F, H, Q, R):
    """What was not seen is a 0 with a noise that is very large, not infinite."""
    missing = y.isnan()
    R = R.clone()
    R[missing, missing] = 1e10
    return measured(y.nan_to_num(), *moved(m, P, F, Q), H, R)


def kalman_step_of_a_little_more_noise(y, m, P, F, H, Q, R):
    """A small number keeps the inverse from failing."""
    y, H, R = seen_of(y, H, R)
    return measured(y, *moved(m, P, F, Q), H, R + 1e-9 * torch.eye(len(R), dtype=R.dtype))


def kalman_step_in_information(y, m, P, F, H, Q, R):
    """Inverses of covariances are added, which fails for one that is 0."""
    y, H, R = seen_of(y, H, R)
    m, P = moved(m, P, F, Q)
    before, known = torch.linalg.inv(P), H.T @ torch.linalg.inv(R)
    after = torch.linalg.inv(before + known @ H)
    return after @ (before @ m + known @ y), after


def hits_of(low, high, y, h, ahead=1):
    """Whether what came lay inside, NaN where it was not measured, for one horizon."""
    came = y[h + ahead :]
    rows = min(len(came), len(low))
    inside = (low[:rows, h] <= came[:rows]) & (came[:rows] <= high[:rows, h])
    return torch.where(came[:rows].isnan(), math.nan, inside.to(low.dtype))


def shares(low, hits):
    return torch.stack([one.nanmean() for one in hits]).to(low.dtype)


def every(low, high, y, **how):
    """The hits of every horizon."""
    return [hits_of(low, high, y, h, **how) for h in range(low.shape[1])]


def interval_coverage_of_one_count(low, high, y):
    """All horizons are divided by how many times the first one has."""
    count = (~hits_of(low, high, y, 0).isnan()).sum()
    return torch.stack([one.nansum() / count for one in every(low, high, y)]).to(low.dtype)


def interval_coverage_of_what_was_measured_at_all(low, high, y):
    """All horizons are divided by how many numbers the series has."""
    count = (~y.isnan()).sum()
    return torch.stack([one.nansum() / count for one in every(low, high, y)]).to(low.dtype)


def interval_coverage_two_times_ahead(low, high, y):
    """Every interval is held against the time after its own."""
    return torch.nan_to_num(shares(low, every(low, high, y, ahead=2)))


def interval_coverage_of_the_first_interval(low, high, y):
    """The first interval of each time serves for all horizons."""
    wide = [one[:, :1].expand_as(one) for one in (low, high)]
    return shares(low, every(*wide, y))


def interval_coverage_of_forecasts_without_a_miss(low, high, y):
    """A horizon counts as held if all nearer ones were held, too."""
    hits = every(low, high, y)
    found = []
    for h, one in enumerate(hits):
        before = torch.stack([other[: len(one)].nan_to_num(1.0) for other in hits[: h + 1]])
        found.append(torch.where(one.isnan(), math.nan, before.prod(0)))
    return shares(low, found)


def interval_coverage_from_the_farthest(low, high, y):
    """The farthest horizon comes first."""
    return shares(low, every(low, high, y)).flip(0)


def interval_coverage_without_the_first_time(low, high, y):
    """The first time is left out."""
    return torch.nan_to_num(shares(low, [one[1:] for one in every(low, high, y)]))


def interval_coverage_without_the_last_that_came(low, high, y):
    """The last number of the series is left out."""
    return torch.nan_to_num(shares(low, [one[:-1] for one in every(low, high, y)]))


def interval_coverage_with_numbers_filled_in(low, high, y):
    """Where nothing was measured, the number before is taken."""
    filled = y.clone()
    for t in range(1, len(y)):
        filled[t] = filled[t - 1] if filled[t].isnan() else filled[t]
    return shares(low, every(low, high, filled))


def interval_coverage_of_times_that_were_measured(low, high, y):
    """An interval counts only if something was measured when it was made."""
    hits = every(low, high, y)
    return torch.nan_to_num(shares(low, [torch.where(y[: len(one)].isnan(), math.nan, one) for one in hits]))


def interval_coverage_with_a_margin(low, high, y):
    """Close is close enough."""
    return shares(low, every(low - 0.1, high + 0.1, y))


def interval_coverage_of_the_middle(low, high, y):
    """The interval is taken from a quarter to three quarters."""
    quarter = (high - low) / 4
    return shares(low, every(low + quarter, high - quarter, y))


def interval_coverage_with_a_little_more_below(low, high, y):
    """Intervals begin a thousandth too low."""
    return shares(low, every(low - 1e-3, high, y))


def interval_coverage_with_a_little_more_above(low, high, y):
    """Intervals end a thousandth too high."""
    return shares(low, every(low, high + 1e-3, y))


def interval_coverage_with_a_millionth_more(low, high, y):
    """Numbers that miss an end by very little are let in."""
    return shares(low, every(low - 1e-6, high + 1e-6, y))


def interval_coverage_of_intervals_with_a_width(low, high, y):
    """Where both ends are one number nothing is inside."""
    return shares(low, every(low, torch.where(low < high, high, low - 1), y))


def interval_coverage_of_five_horizons(low, high, y):
    """Nobody looks further ahead than five times."""
    return shares(low, every(low[:, :5], high[:, :5], y))


def interval_coverage_in_the_dtype_of_what_came(low, high, y):
    """Right numbers, in the dtype of the series."""
    return shares(low, every(low, high, y)).to(y.dtype)


FURTHER = {
    "persistence_skill": [
        persistence_skill_of_zeros,
        persistence_skill_of_errors_that_are_0,
        persistence_skill_without_the_mean,
        persistence_skill_as_a_correlation,
        persistence_skill_of_an_older_value,
        persistence_skill_of_the_last_known_value,
        persistence_skill_in_percent,
        persistence_skill_of_medians,
        persistence_skill_time_by_time,
        persistence_skill_of_the_sum_of_errors,
        persistence_skill_without_the_last_time,
        persistence_skill_from_the_next_time_on,
        persistence_skill_of_positive_numbers,
        persistence_skill_of_what_is_not_0,
        persistence_skill_with_a_little_more_below,
    ],
    "kalman_step": [
        kalman_step_of_a_noise_that_moves_too,
        kalman_step_with_the_surprise_of_before,
        kalman_step_of_half_a_joseph_form,
        kalman_step_that_sees_what_it_expects,
        kalman_step_of_empty_rows,
        kalman_step_of_separate_numbers,
        kalman_step_of_separate_states,
        kalman_step_of_squared_noise,
        kalman_step_that_believes_what_it_sees,
        kalman_step_of_a_small_gain,
        kalman_step_that_grows,
        kalman_step_of_a_mean_that_stays,
        kalman_step_of_very_large_noise,
        kalman_step_of_a_little_more_noise,
        kalman_step_in_information,
    ],
    "interval_coverage": [
        interval_coverage_of_one_count,
        interval_coverage_of_what_was_measured_at_all,
        interval_coverage_two_times_ahead,
        interval_coverage_of_the_first_interval,
        interval_coverage_of_forecasts_without_a_miss,
        interval_coverage_from_the_farthest,
        interval_coverage_without_the_first_time,
        interval_coverage_without_the_last_that_came,
        interval_coverage_with_numbers_filled_in,
        interval_coverage_of_times_that_were_measured,
        interval_coverage_with_a_margin,
        interval_coverage_of_the_middle,
        interval_coverage_with_a_little_more_below,
        interval_coverage_with_a_little_more_above,
        interval_coverage_with_a_millionth_more,
        interval_coverage_of_intervals_with_a_width,
        interval_coverage_of_five_horizons,
        interval_coverage_in_the_dtype_of_what_came,
    ],
}
