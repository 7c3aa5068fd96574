package io.offtake.network;

import io.offtake.access.Caller;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Outlets that were created without a network. Documents that were written for one must find it, so it is kept where that is possible at all
/// (OFF-15): two devices that met the same shop have two outlets until somebody merges them, and the later one of two equal codes gets another.
public interface NewOutlets {
    /// What a device knows of a new outlet; the checks are those of the master itself.
    ///
    /// @param code        a proposal: the next free one of its series where another outlet has it
    /// @param outletClass such as A, B, C
    /// @param beat        code of a beat
    record Form(@NotNull UUID id, @Nullable Long distributorId, @NotNull @Size(max = 40) String code, @NotNull @Size(max = 200) String name, @Nullable String nameLocal, @NotNull String channel,
                @NotNull String outletClass, @Nullable String beat, @Nullable String gstin, @Nullable String registration, @NotNull String stateCode, @Nullable String address, @Nullable String city,
                @Nullable String pin, @Nullable String phone) {}

    /// @param code    under which it is kept
    /// @param created false: it was here already, the command came twice
    /// @param gstin   by which its documents are judged
    /// @param alike   outlets of the distributor that may be the same shop
    record Result(UUID id, String code, String name, int version, boolean created, @Nullable String gstin, String registration, List<Alike> alike) {}

    /// @param field phone or gstin, in which they agree
    record Alike(UUID id, String code, String name, String field, String value) {}

    /// Keeps it; a repeat of the same id changes nothing.
    ///
    /// @throws io.offtake.platform.ProblemException INVALID and others with the master's own refusals, ID_REUSED where the id is another outlet's
    Result create(Caller caller, long distributorId, UUID id, Form form);
}
