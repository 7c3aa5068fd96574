package io.offtake.example.app;

import io.offtake.access.DemoDoors;
import io.offtake.access.Grant;
import io.offtake.access.Role;
import io.offtake.access.Users;
import io.offtake.example.domain.Country;
import io.offtake.example.store.MaruliaMasters;
import io.offtake.platform.ExampleNetwork;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Who works in the example, and the doors that its sign-in page offers. The passwords are public: they open this
/// invented network and nothing else.
@Component
class MaruliaPeople {
    private static final String PASSWORD = "sunny-marulia-days";
    private static final LocalDate ALWAYS = LocalDate.of(2020, 1, 1);

    /// @param of    code of the distributor whose staff it is, null for the head office
    /// @param scope code of the distributor it sees, null for the whole network
    private record Person(String username, String name, String language, @Nullable String of, @Nullable String scope, List<Role> roles) {}

    private static final List<Person> PEOPLE = List.of(
            new Person("sales", "Nandini Rao", "en", null, null, List.of(Role.SO, Role.RSM)),
            new Person("finance", "Arvind Menon", "en", null, null, List.of(Role.FIN)),
            new Person("treasury", "Kavita Shah", "en", null, null, List.of(Role.FIN)),
            new Person("claims", "Meera Iyer", "en", null, null, List.of(Role.CA)),
            new Person("claims2", "Dev Nair", "en", null, null, List.of(Role.CA)),
            new Person("clerk", "Asha Kamble", "en", Country.KESAR, Country.KESAR, List.of(Role.BC, Role.GK)),
            new Person("owner", "Ramesh Kesar", "en", Country.KESAR, Country.KESAR, List.of(Role.DO)),
            new Person("rep", "Imran Shaikh", "hi", null, Country.KESAR, List.of(Role.REP)),
            new Person("coe", "Leela Thomas", "en", null, null, List.of(Role.COE)),
            new Person("admin", "System administrator", "en", null, null, List.of(Role.IT)));

    private final Users users;
    private final DemoDoors doors;

    MaruliaPeople(Users users, DemoDoors doors) {
        this.users = users;
        this.doors = doors;
    }

    boolean arePresent() {
        return PEOPLE.stream().allMatch(person -> users.find(person.username).isPresent());
    }

    void make(MaruliaMasters.Ids ids) {
        for (var person : PEOPLE) {
            if (users.find(person.username).isPresent()) continue;
            var scope = person.scope == null ? new Grant.OfScope(Grant.ScopeKind.NETWORK, 0, ALWAYS, null)
                    : new Grant.OfScope(Grant.ScopeKind.DISTRIBUTOR, ids.distributors().get(person.scope), ALWAYS, null);
            users.register(new Users.NewUser(person.username, person.name, Users.Kind.PERSON, person.language, person.of == null ? null : ids.distributors().get(person.of),
                    person.roles.stream().map(role -> new Grant.OfRole(role, ALWAYS, null)).toList(), List.of(scope), PASSWORD), "example network");
        }
        doors.replace(List.of(
                new DemoDoors.Door("I run sales", "See what sells, where, and what needs you today.", "sales", PASSWORD, "tower"),
                new DemoDoors.Door("I run finance", "Follow the money from the bill to the bank.", "finance", PASSWORD, "tower"),
                new DemoDoors.Door("I work the counter", "Bill a shop at Kesar Traders with the keyboard.", "clerk", PASSWORD, "counter"),
                new DemoDoors.Door("I own the business", "Stock, money and orders of Kesar Traders; confirm what the clerk cancels.", "owner", PASSWORD, "counter")));
    }

    List<ExampleNetwork.Door> doors() {
        var all = new ArrayList<ExampleNetwork.Door>();
        all.add(new ExampleNetwork.Door("I run sales", "sales", PASSWORD, "/"));
        all.add(new ExampleNetwork.Door("I run finance", "finance", PASSWORD, "/"));
        all.add(new ExampleNetwork.Door("I work the counter", "clerk", PASSWORD, "/"));
        all.add(new ExampleNetwork.Door("I own the business", "owner", PASSWORD, "/"));
        all.add(new ExampleNetwork.Door("I audit claims", "claims", PASSWORD, "/"));
        Stream.of("coe", "admin").forEach(username -> all.add(new ExampleNetwork.Door(username.equals("coe") ? "I look after the masters" : "I administer users", username, PASSWORD, "/")));
        return all;
    }
}
