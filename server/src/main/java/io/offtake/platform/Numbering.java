package io.offtake.platform;

import io.offtake.platform.Documents.Series;

/// Where a document's number comes from: taken in SQL by the posting itself, so that the series' row is held for the
/// shortest time, or known beforehand, as in bulk and for numbers that come from elsewhere.
public sealed interface Numbering {
    Series series();

    record Next(Series series) implements Numbering {}

    record Known(Series series, long number, String formatted) implements Numbering {}
}
