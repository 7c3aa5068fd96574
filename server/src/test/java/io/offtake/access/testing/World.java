package io.offtake.access.testing;

import io.offtake.access.Role;
import io.offtake.testing.Fixture;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// Two distributors of one principal: the owner of the samples, and a stranger who sells the same goods next door.
public final class World {
    public final Fixture network;
    public final Fixture.Distributor owner;
    public final Fixture.Distributor stranger;
    private final People people;
    private final int port;
    private final Map<String, Client> clients = new HashMap<>();
    private final Map<String, Object> made = new HashMap<>();
    private final Set<String> secrets = new LinkedHashSet<>();

    public World(Fixture network, People people, int port) {
        this.network = network;
        this.people = people;
        this.port = port;
        owner = network.distributor("OWNER");
        stranger = network.distributor("OTHER");
        secret("OWNER-" + network.tag);
        for (var id : new Object[] {owner.warehouse(), owner.o1(), owner.o2(), owner.o3()}) secret(id.toString());
    }

    /// A signed-in user of the owner with exactly these roles.
    public Client owner(Role... roles) {
        return client(owner.id(), roles);
    }

    /// The stranger's user with the same roles.
    public Client stranger(Role... roles) {
        return client(stranger.id(), roles);
    }

    private Client client(long distributor, Role... roles) {
        return clients.computeIfAbsent(distributor + Arrays.toString(roles), _ -> people.of(distributor, roles).signIn(port));
    }

    /// A user that belongs to the owner's staff.
    public People.Person staff(Role... roles) {
        return people.of(owner.id(), roles);
    }

    /// Staff of the owner that serves another principal only.
    public Client walled(long principal, Role... roles) {
        var always = java.time.LocalDate.of(2000, 1, 1);
        return clients.computeIfAbsent("walled" + Arrays.toString(roles), _ -> people.create(owner.id(), java.util.List.of(
                new io.offtake.access.Grant.OfScope(io.offtake.access.Grant.ScopeKind.DISTRIBUTOR, owner.id(), always, null),
                new io.offtake.access.Grant.OfScope(io.offtake.access.Grant.ScopeKind.PRINCIPAL, principal, always, null)), roles).signIn(port));
    }

    /// A user of the head office, with the whole network in scope.
    public Client headOffice(Role... roles) {
        return clients.computeIfAbsent("network" + Arrays.toString(roles), _ -> people.headOffice(roles).signIn(port));
    }

    /// A user who sees no rows at all.
    public People.Person outsider(Role... roles) {
        return people.create(null, java.util.List.of(), roles);
    }

    /// Makes something once, when the first sample asks for it.
    @SuppressWarnings("unchecked")
    public <T> T once(String name, Supplier<T> make) {
        if (!made.containsKey(name)) made.put(name, make.get());
        return (T) made.get(name);
    }

    /// Marks a text of the owner's that must never turn up in an answer to the stranger.
    public String secret(String text) {
        secrets.add(text);
        return text;
    }

    Set<String> secrets() {
        return secrets;
    }

    /// Secrets of the owner in an answer.
    public java.util.List<String> leaks(String answer) {
        return secrets.stream().filter(answer::contains).toList();
    }
}
