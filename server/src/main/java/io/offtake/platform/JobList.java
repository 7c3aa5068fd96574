package io.offtake.platform;

import static io.offtake.platform.ListSql.Type.INSTANT;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;
import static io.offtake.platform.ListSql.Type.UUID;

/// The list of jobs: binds `:user`, `:distributors` (null for all) to those that somebody may see.
public final class JobList {
    private JobList() {}

    public static final ListSql JOBS = ListSql.of("""
            select j.id, j.type, j.title, j.state, j.done, j.total, j.message, j.result, j.distributor_id, j.created_by, j.created_at, j.finished_at
              from platform.job j
             where j.created_by = :user or :distributors::bigint[] is null or j.distributor_id = any (:distributors::bigint[])""")
            .key("id", UUID).sortable("createdAt", INSTANT).sortable("state", TEXT).equal("state", TEXT).equal("type", TEXT).equal("distributorId", LONG).search("title").order("-createdAt");
}
