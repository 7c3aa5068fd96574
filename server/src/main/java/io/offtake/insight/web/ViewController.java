package io.offtake.insight.web;

import static io.offtake.platform.ProblemCode.QUESTION_INVALID;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.insight.Asker;
import io.offtake.insight.Insight;
import io.offtake.insight.Question;
import io.offtake.platform.Problem;
import io.offtake.platform.TenantTransaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Saved views and pinned tiles: a question with a name, and how the screen shows it. A shared view is a question, not an
/// answer: who opens it sees figures of his own scope.
@RestController
class ViewController {
    private static final int NAME_MAX = 120;
    private static final int LOOK_MAX = 8000;
    private static final int VIEWS_MAX = 200;

    private final TenantTransaction transactions;
    private final Insight insight;
    private final JsonMapper json;
    private final Clock clock;

    ViewController(TenantTransaction transactions, Insight insight, JsonMapper json, Clock clock) {
        this.transactions = transactions;
        this.insight = insight;
        this.json = json;
        this.clock = clock;
    }

    /// @param look  what the screen needs to show it again; the server only keeps it
    /// @param owner name of who saved it; only that person changes it
    /// @param own   whether the caller did
    record View(UUID id, String name, boolean pinned, int position, Question question, @Nullable JsonNode look, boolean shared, String owner, boolean own, int version) {}

    record Views(List<View> items) {}

    record Saved(@Nullable String name, boolean pinned, int position, @Nullable Question question, @Nullable JsonNode look, boolean shared) {}

    private static final String SELECT = """
            select v.owner_id, v.id, v.name, v.pinned, v.position, v.question, v.look, v.shared, v.owner_name, v.version from insight.saved_view v""";

    @GetMapping("/api/v1/insight/views")
    Views views(Caller caller) {
        caller.require(Permission.INSIGHT_READ);
        return new Views(transactions.shared(client -> client.sql(SELECT + " where v.owner_id = ? or v.shared order by v.pinned desc, v.position, v.name, v.id").param(caller.userId())
                .query((row, _) -> view(row, caller.userId())).list()));
    }

    /// Saves a view under an id of the caller's making; the same again changes nothing.
    ///
    /// @throws io.offtake.platform.ProblemException QUESTION_INVALID for a question that cannot be asked
    @PutMapping("/api/v1/insight/views/{id}")
    View save(Caller caller, @PathVariable UUID id, @RequestBody Saved saved) {
        caller.require(Permission.INSIGHT_READ);
        if (saved.name == null || saved.name.isBlank() || saved.name.length() > NAME_MAX) throw refuse("/name", "needs a name", "1 to " + NAME_MAX + " characters");
        if (saved.question == null) throw refuse("/question", "needs a question", "a question of POST /api/v1/insight/query");
        insight.ask(new Asker(caller.name(), caller.scope().distributors(), caller.scope().principals()), saved.question.page(1, null));
        var look = saved.look == null ? "null" : saved.look.toString();
        if (look.length() > LOOK_MAX) throw refuse("/look", "is too long", "at most " + LOOK_MAX + " characters");
        return transactions.shared(client -> {
            boolean known = client.sql("select exists (select 1 from insight.saved_view where owner_id = ? and id = ?)").params(caller.userId(), id).query(Boolean.class).single();
            if (!known && client.sql("select count(*) from insight.saved_view where owner_id = ?").param(caller.userId()).query(Integer.class).single() >= VIEWS_MAX) throw refuse("", "there are too many views", "at most " + VIEWS_MAX);
            client.sql("""
                    insert into insight.saved_view as v (owner_id, id, owner_name, name, question, look, pinned, position, shared, changed_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    on conflict (owner_id, id) do update set name = excluded.name, question = excluded.question, look = excluded.look, pinned = excluded.pinned, position = excluded.position, shared = excluded.shared,
                           changed_at = excluded.changed_at, version = v.version + 1
                     where (v.name, v.question, v.look, v.pinned, v.position, v.shared) is distinct from (excluded.name, excluded.question, excluded.look, excluded.pinned, excluded.position, excluded.shared)""")
                    .params(caller.userId(), id, caller.name(), saved.name, json.writeValueAsString(saved.question), look, saved.pinned, saved.position, saved.shared, clock.instant().atOffset(ZoneOffset.UTC)).update();
            return client.sql(SELECT + " where v.owner_id = ? and v.id = ?").params(caller.userId(), id).query((row, _) -> view(row, caller.userId())).single();
        });
    }

    @DeleteMapping("/api/v1/insight/views/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(Caller caller, @PathVariable UUID id) {
        caller.require(Permission.INSIGHT_READ);
        int gone = transactions.shared(client -> client.sql("delete from insight.saved_view where owner_id = ? and id = ?").params(caller.userId(), id).update());
        if (gone == 0) throw caller.notFound("view");
    }

    private View view(ResultSet row, long user) throws SQLException {
        var look = json.readTree(row.getString("look"));
        return new View(Objects.requireNonNull(row.getObject("id", UUID.class)), row.getString("name"), row.getBoolean("pinned"), row.getInt("position"), json.readValue(row.getString("question"), Question.class), look.isNull() ? null : look,
                row.getBoolean("shared"), row.getString("owner_name"), row.getLong("owner_id") == user, row.getInt("version"));
    }

    private static io.offtake.platform.ProblemException refuse(String pointer, String text, Object accepted) {
        return Problem.of(QUESTION_INVALID, "This view cannot be saved: it " + text + ".").at(pointer, QUESTION_INVALID, text, accepted).exception();
    }
}
