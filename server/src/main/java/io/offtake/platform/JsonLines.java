package io.offtake.platform;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Bodies of many JSON objects, one a line (NDJSON): each line is read, and refused, on its own.
public interface JsonLines {
    /// The media type of requests and answers.
    String MEDIA_TYPE = "application/x-ndjson";

    /// @param number  of the line, from 1
    /// @param value   what it says; null if it cannot be read or is not valid
    /// @param problem as a request with this body alone would get it; null if there is a value
    record Line<T>(int number, @Nullable T value, @Nullable Problem problem) {}

    /// Reads the lines that are not blank.
    /// @throws ProblemException INVALID if there are none, or more than `most`: nothing is taken
    <T> List<Line<T>> read(byte[] body, int most, Class<T> type);

    /// Writes one line for each.
    byte[] write(List<?> lines);
}
