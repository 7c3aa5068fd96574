package io.offtake.access.web;

import io.offtake.access.Caller;
import io.offtake.access.Directory;
import io.offtake.access.Permission;
import io.offtake.access.Role;
import io.offtake.access.app.AccessSettings;
import io.offtake.access.app.Sessions;
import io.offtake.access.app.UserAdministration;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Signing in and out, and what a person changes about oneself.
@RestController
@RequestMapping("/api/v1/session")
class SessionController {
    private final Sessions sessions;
    private final UserAdministration users;
    private final Directory directory;
    private final AccessSettings settings;

    SessionController(Sessions sessions, UserAdministration users, Directory directory, AccessSettings settings) {
        this.sessions = sessions;
        this.users = users;
        this.directory = directory;
        this.settings = settings;
    }

    record SignIn(@NotNull @Size(min = 1, max = 200) String username, @NotNull @Size(min = 1, max = 1000) String password) {
        @Override
        public String toString() {
            return username;
        }
    }

    /// @param workspaces    which builds the person may open, the first is where a sign-in leads
    /// @param distributorId if it is one person's only distributor
    /// @param csrf          to be sent as X-CSRF-Token with every change; empty for a token
    record Me(long userId, String username, String name, String language, List<Role> roles, List<String> workspaces, @Nullable Long distributorId,
              List<Directory.Entry> distributors, List<Permission> permissions, String csrf) {}

    record PasswordChange(@NotNull @Size(min = 1, max = 1000) String current, @NotNull @Size(min = 1, max = 1000) String password) {
        @Override
        public String toString() {
            return "password change";
        }
    }

    record LanguageChange(@NotNull String language) {}

    @PostMapping
    ResponseEntity<Me> signIn(@Valid @RequestBody SignIn body, HttpServletRequest request) {
        var agent = request.getHeader("User-Agent");
        var opened = sessions.signIn(body.username(), body.password(), request.getRemoteAddr(), agent == null ? "" : agent.substring(0, Math.min(agent.length(), 200)),
                SessionCookies.session(request));
        return ResponseEntity.ok().headers(SessionCookies.set(opened, request.isSecure(), settings.lifetime())).body(me(opened.known()));
    }

    @GetMapping
    Me current(Caller caller, HttpServletRequest request) {
        var secret = SessionCookies.session(request);
        var known = secret == null ? null : sessions.session(secret).orElse(null);
        return me(known != null && known.caller().userId() == caller.userId() ? known : new Sessions.Known(caller, null));
    }

    @DeleteMapping
    ResponseEntity<Void> signOut(Caller caller, HttpServletRequest request) {
        var secret = SessionCookies.session(request);
        if (secret != null) sessions.signOut(secret, caller);
        return ResponseEntity.noContent().headers(SessionCookies.clear(request.isSecure())).build();
    }

    @PostMapping("/password")
    ResponseEntity<Void> changePassword(Caller caller, @Valid @RequestBody PasswordChange body, HttpServletRequest request) {
        users.changePassword(caller, body.current(), body.password(), SessionCookies.session(request));
        return ResponseEntity.noContent().build();
    }

    @PutMapping("/language")
    ResponseEntity<Void> changeLanguage(Caller caller, @Valid @RequestBody LanguageChange body) {
        users.changeLanguage(caller, body.language());
        return ResponseEntity.noContent().build();
    }

    private Me me(Sessions.Known known) {
        var caller = known.caller();
        return new Me(caller.userId(), caller.username(), caller.name(), caller.language(), caller.roles().stream().sorted().toList(), List.copyOf(caller.workspaces()),
                caller.onlyDistributor(), directory.named(caller.scope().distributors()), caller.permissions().stream().sorted().toList(),
                known.csrf() == null ? "" : known.csrf());
    }
}
