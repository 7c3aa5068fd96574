package io.offtake.exchange;

import io.offtake.access.Caller;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The gate for facts of other systems, for modules that bring such facts themselves; integrations use the API.
public interface FactFeeds {

    /// What came of a batch.
    ///
    /// @param state ACCEPTED, PARTIAL, BLOCKED or HELD
    record Result(String state, int accepted, int quarantined, int rejected) {}

    /// Says that a distributor keeps a system. A repeat changes nothing.
    ///
    /// @param recordTypes such as FC-1
    /// @param cutOff      local time, such as 08:00
    void agree(Caller caller, long distributor, String system, String name, List<String> recordTypes, String cutOff, String level, LocalDate activeFrom);

    /// Says what codes stand for.
    ///
    /// @param outlets codes here by codes there, `skus` likewise
    void map(Caller caller, long distributor, String system, Map<String, String> outlets, Map<String, String> skus);

    /// Takes a batch in.
    ///
    /// @param batch envelope and `records`, as the API takes them
    Result receive(Caller caller, String batch, @Nullable String fileName);
}
