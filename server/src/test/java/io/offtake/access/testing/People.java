package io.offtake.access.testing;

import io.offtake.access.Grant;
import io.offtake.access.Grant.ScopeKind;
import io.offtake.access.Role;
import io.offtake.access.Users;
import io.offtake.platform.TenantTransaction;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Distributors and users for tests against the whole server. Inject it as a bean of a [io.offtake.platform.testing.ServerTest].
@Component
public class People {
    public static final String PASSWORD = "correct horse battery";
    private static final LocalDate ALWAYS = LocalDate.of(2000, 1, 1);
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Users users;
    private final TenantTransaction transactions;

    People(Users users, TenantTransaction transactions) {
        this.users = users;
        this.transactions = transactions;
    }

    /// A user that can sign in with [#PASSWORD].
    public record Person(long id, String username) {
        public Client signIn(int port) {
            return new Client(port).signIn(username, PASSWORD);
        }
    }

    /// Another distributor in Maharashtra, with a code of its own.
    public long distributor() {
        var code = "T" + COUNT.incrementAndGet();
        return transactions.shared(jdbc -> jdbc.sql("""
                insert into network.distributor (code, name, legal_name, state_code) values (:code, :code, :code, '27') returning id""")
                .param("code", code).query(Long.class).single());
    }

    /// Staff of a distributor: sees that distributor only.
    public Person of(long distributor, Role... roles) {
        return create(distributor, List.of(new Grant.OfScope(ScopeKind.DISTRIBUTOR, distributor, ALWAYS, null)), roles);
    }

    /// Head office: sees the whole network.
    public Person headOffice(Role... roles) {
        return create(null, List.of(new Grant.OfScope(ScopeKind.NETWORK, 0, ALWAYS, null)), roles);
    }

    /// With any scope.
    public Person create(@Nullable Long distributor, List<Grant.OfScope> scopes, Role... roles) {
        var username = "user" + COUNT.incrementAndGet();
        var id = users.register(new Users.NewUser(username, "User " + username, Users.Kind.PERSON, "en", distributor,
                Arrays.stream(roles).map(role -> new Grant.OfRole(role, ALWAYS, null)).toList(), scopes, PASSWORD), "test");
        return new Person(id, username);
    }
}
