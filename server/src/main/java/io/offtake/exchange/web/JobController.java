package io.offtake.exchange.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.access.Role;
import io.offtake.platform.JobList;
import io.offtake.platform.Jobs;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Page;
import io.offtake.platform.TenantTransaction;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.HashMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Long work, seen by whoever started it and by those whose rows it is about.
@RestController
@RequestMapping("/api/v1/jobs")
@Tag(name = "jobs")
class JobController {

    /// @param done  how much is done, of `total` once that is known
    /// @param result what it led to, such as the id of an import
    record JobView(UUID id, String type, String title, String state, long done, @Nullable Long total, @Nullable String message, @Nullable String result,
                   @Nullable Long distributorId, Instant createdAt, @Nullable Instant finishedAt) {
        static JobView of(Jobs.Job job) {
            return new JobView(job.id(), job.type(), job.title(), job.state().name(), job.done(), job.total(), job.message(), job.result(), job.distributorId(), job.createdAt(), job.finishedAt());
        }
    }

    private final Jobs jobs;
    private final TenantTransaction transactions;

    JobController(Jobs jobs, TenantTransaction transactions) {
        this.jobs = jobs;
        this.transactions = transactions;
    }

    private static boolean isOffice(Caller caller) {
        return caller.roles().stream().noneMatch(Role::ofDistributor) && caller.workspaces().contains("tower");
    }

    @GetMapping
    @Operation(summary = "List", description = "The latest first.")
    Page<JobView> list(Caller caller, ListQuery query) {
        caller.require(Permission.JOB_READ);
        var scope = new HashMap<String, @Nullable Object>();
        scope.put("user", caller.userId());
        scope.put("distributors", isOffice(caller) ? null : caller.scope().distributors().toArray(Long[]::new));
        return transactions.shared(db -> JobList.JOBS.page(db, query, scope, (row, _) -> new JobView(row.getObject("id", UUID.class), row.getString("type"), row.getString("title"),
                row.getString("state"), row.getLong("done"), row.getObject("total", Long.class), row.getString("message"), row.getString("result"), row.getObject("distributor_id", Long.class),
                row.getTimestamp("created_at").toInstant(), row.getTimestamp("finished_at") == null ? null : row.getTimestamp("finished_at").toInstant())));
    }

    @GetMapping("/{id}")
    @Operation(summary = "Read one")
    JobView read(Caller caller, @PathVariable UUID id) {
        caller.require(Permission.JOB_READ);
        return JobView.of(find(caller, id));
    }

    private Jobs.Job find(Caller caller, UUID id) {
        return jobs.find(id)
                .filter(job -> isOffice(caller) || Long.valueOf(caller.userId()).equals(job.createdBy()) || (job.distributorId() != null && caller.scope().distributors().contains(job.distributorId())))
                .orElseThrow(() -> caller.notFound("job"));
    }

    @PostMapping("/{id}/cancellation")
    @Operation(summary = "Cancel", description = "Asks it to stop at its next step; what was written stays. A job that has ended stays as it is.")
    JobView cancel(Caller caller, @PathVariable UUID id) {
        caller.require(Permission.IMPORT_RUN);
        find(caller, id);
        jobs.cancel(id);
        return JobView.of(find(caller, id));
    }
}
