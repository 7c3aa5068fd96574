package io.offtake.access.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.access.app.Tokens;
import io.offtake.access.app.UserList;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Page;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// API tokens and the security log.
@RestController
class TokenController {
    private final Tokens tokens;
    private final UserList lists;

    TokenController(Tokens tokens, UserList lists) {
        this.tokens = tokens;
        this.lists = lists;
    }

    /// @param userId      whose token it is, oneself if missing
    /// @param permissions what it may do, at most what its user may
    /// @param days        until it expires
    record NewToken(@Nullable Long userId, @NotNull @Size(min = 1, max = 100) String name, @NotEmpty Set<@NotNull Permission> permissions, @Min(1) @Max(366) int days) {}

    @GetMapping("/api/v1/api-tokens")
    Page<Tokens.Token> list(Caller caller, ListQuery query) {
        return tokens.list(caller, query);
    }

    @PostMapping("/api/v1/api-tokens")
    ResponseEntity<Tokens.Created> create(Caller caller, @Valid @RequestBody NewToken body) {
        if (SecurityContextHolder.getContext().getAuthentication() instanceof CallerAuthentication authentication && !authentication.bySession()) {
            throw Problem.of(ProblemCode.FORBIDDEN, "A token cannot make tokens. Sign in with the password.").rule("GOV-15").exception();
        }
        var created = tokens.create(caller, body.userId() == null ? caller.userId() : body.userId(), body.name(), body.permissions(), body.days());
        return ResponseEntity.created(URI.create("/api/v1/api-tokens/" + created.id())).body(created);
    }

    @DeleteMapping("/api/v1/api-tokens/{id}")
    ResponseEntity<Void> revoke(Caller caller, @PathVariable long id) {
        tokens.revoke(caller, id);
        return ResponseEntity.noContent().build();
    }

    @GetMapping("/api/v1/security-log")
    Page<UserList.Event> securityLog(Caller caller, ListQuery query) {
        return lists.events(caller, query);
    }
}
