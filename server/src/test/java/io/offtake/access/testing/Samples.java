package io.offtake.access.testing;

import io.offtake.access.Role;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The samples of all modules by operation, as `POST /api/v1/orders/{id}/cancellation`.
public final class Samples {

    /// What the other distributor's user must be answered.
    public enum Kind {
        /// 404: the row, or the distributor named in the body, does not exist for that user.
        ROW,
        /// An empty list, or one without the owner's rows.
        LIST,
        /// 2xx as for the owner: it is about oneself or about the whole network. Nothing of the owner may be in it.
        NOBODYS,
        /// The head office does it, with the whole network as scope; to a distributor's user nothing may be told.
        HEAD_OFFICE,
        /// 404 for everybody: it exists in the demo only.
        ABSENT
    }

    /// A request as the owner would send it.
    ///
    /// @param body    null for none; text, bytes, or anything that becomes JSON
    /// @param headers more headers, such as If-Match
    public record Request(String method, String path, @Nullable Object body, Map<String, String> headers) {
        public static Request get(String path) {
            return new Request("GET", path, null, Map.of());
        }

        public static Request post(String path, @Nullable Object body) {
            return new Request("POST", path, body, Map.of());
        }

        public static Request put(String path, Object body, String etag) {
            return new Request("PUT", path, body, Map.of("If-Match", etag));
        }

        public static Request delete(String path) {
            return new Request("DELETE", path, null, Map.of());
        }

        public Request with(String header, String value) {
            var all = new LinkedHashMap<>(headers);
            all.put(header, value);
            return new Request(method, path, body, all);
        }
    }

    /// @param marker what the owner finds in a list and nobody else may
    public record Sample(Kind kind, Role[] roles, Function<World, Request> request, @Nullable Function<World, String> marker, String why) {}

    private final Map<String, Sample> all = new LinkedHashMap<>();

    /// One row, or a command on one distributor.
    public void row(String operation, Function<World, Request> request, Role... roles) {
        add(operation, new Sample(Kind.ROW, roles, request, null, ""));
    }

    /// A list in which the owner finds `marker`; null if it may be empty at the time.
    public void list(String operation, Function<World, Request> request, @Nullable Function<World, String> marker, Role... roles) {
        add(operation, new Sample(Kind.LIST, roles, request, marker, ""));
    }

    /// What belongs to no distributor, and why.
    public void nobodys(String operation, String why, Function<World, Request> request, Role... roles) {
        add(operation, new Sample(Kind.NOBODYS, roles, request, null, why));
    }

    /// What the head office does for the whole network, and why it is nobody's.
    public void headOffice(String operation, String why, Function<World, Request> request, Role... roles) {
        add(operation, new Sample(Kind.HEAD_OFFICE, roles, request, null, why));
    }

    /// What is not there in a normal installation.
    public void absent(String operation, String why, Function<World, Request> request, Role... roles) {
        add(operation, new Sample(Kind.ABSENT, roles, request, null, why));
    }

    private void add(String operation, Sample sample) {
        if (all.put(operation, sample) != null) throw new IllegalStateException("two samples for " + operation);
    }

    public Map<String, Sample> all() {
        return all;
    }
}
