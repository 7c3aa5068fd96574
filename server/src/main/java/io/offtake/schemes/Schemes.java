package io.offtake.schemes;

import java.time.LocalDate;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Trade offers as data (PX-20): their part of a rule book.
public interface Schemes {

    /// The definitions in force on some day of the window, each the JSON of one scheme of a rule book. Paused versions are
    /// left out; a version that was ended early carries its earlier end.
    List<String> definitions(JdbcClient db, LocalDate from, LocalDate to);
}
