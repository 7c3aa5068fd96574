package io.offtake.claims;

import static io.offtake.access.testing.Samples.Request.get;
import static io.offtake.access.testing.Samples.Request.post;
import static io.offtake.access.testing.Samples.Request.put;

import io.offtake.access.Role;
import io.offtake.access.testing.OperationSamples;
import io.offtake.access.testing.Samples;
import io.offtake.access.testing.World;
import io.offtake.claims.ClaimWorld.Oddity;
import io.offtake.governance.Policies;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// A claim of the owner in every state that an operation asks for.
@Component
class ClaimSamples implements OperationSamples {
    private static final String PATH = "/api/v1/claims";
    private final Claims claims;
    private final Policies policies;

    ClaimSamples(Claims claims, Policies policies) {
        this.claims = claims;
        this.policies = policies;
    }

    private ClaimWorld planted(World world) {
        return world.once("claims", () -> {
            var made = new ClaimWorld(world.network, world.owner, world.network.today().minusMonths(1).withDayOfMonth(1));
            made.policy("claim.holdout-percent", "0");
            made.policy("claim.straight-through-limit", "1000");
            return made;
        });
    }

    /// A draft of a scheme of its own.
    private UUID draft(World world, String name, String benefit) {
        return world.once("claim " + name, () -> {
            var planted = planted(world);
            var scheme = planted.scheme("CLM-" + name, "");
            planted.bill(scheme, world.owner.o1(), "S1", 3, 10, benefit, Oddity.NONE);
            policies.refresh();
            claims.draft(world.owner.id(), YearMonth.from(planted.from));
            var claim = planted.claim(scheme);
            world.secret(claim.toString());
            return claim;
        });
    }

    private UUID draft(World world, String name) {
        return draft(world, name, "40.00");
    }

    /// Filed; 2,000.00 goes to review, less is approved by the rules.
    private UUID filed(World world, String name, String benefit) {
        var claim = draft(world, name, benefit);
        return world.once("filed " + name, () -> {
            claims.submit(ClaimWorld.person(900071, world.owner.id(), Role.DO), claim);
            return claim;
        });
    }

    private UUID inReview(World world, String name) {
        return filed(world, name, "2000.00");
    }

    private UUID rejected(World world, String name) {
        var claim = inReview(world, name);
        return world.once("rejected " + name, () -> {
            claims.decide(ClaimWorld.person(900072, world.owner.id(), Role.CA), claim, "REJECT", "NOT_PROVEN", List.of());
            return claim;
        });
    }

    private UUID proposed(World world, String name) {
        var claim = filed(world, name, "60000.00");
        return world.once("proposed " + name, () -> {
            claims.decide(ClaimWorld.person(900072, world.owner.id(), Role.CA), claim, "APPROVE", null, List.of());
            return claim;
        });
    }

    private UUID settlement(World world) {
        var claim = filed(world, "settled", "40.00");
        return world.once("settlement", () -> {
            var id = UUID.randomUUID();
            claims.settle(ClaimWorld.person(900073, world.owner.id(), Role.FIN), claim, id, "FIN_CN", null);
            world.secret(id.toString());
            return id;
        });
    }

    private static String etag(World world, UUID claim, Role role) {
        return world.owner(role).get(PATH + "/" + claim).etag();
    }

    @Override
    public void add(Samples to) {
        to.list("GET " + PATH, world -> get(PATH + "?limit=200"), world -> draft(world, "kept").toString(), Role.DO);
        to.list("GET " + PATH + "/summary", world -> get(PATH + "/summary"), null, Role.FIN);
        to.nobodys("GET " + PATH + "/reasons", "codes of the network", _ -> get(PATH + "/reasons"), Role.CA);
        to.row("POST " + PATH + "/drafts", world -> post(PATH + "/drafts", Map.of("distributorId", world.owner.id())), Role.DO);
        to.list("GET " + PATH + "/batches", world -> {
            filed(world, "batch", "40.00");
            return get(PATH + "/batches");
        }, world -> "." + world.network.principal + "\"", Role.FIN);
        to.row("POST " + PATH + "/batches/{batch}/settlement", world -> {
            filed(world, "batch", "40.00");
            return post(PATH + "/batches/" + world.owner(Role.FIN).get(PATH + "/batches").json().path("items").path(0).path("batch").asString() + "/settlement", Map.of("id", world.once("batch id", UUID::randomUUID), "treatment", "FIN_CN"));
        }, Role.FIN);
        to.list("GET " + PATH + "/settlements", world -> get(PATH + "/settlements"), world -> settlement(world).toString(), Role.FIN);
        to.row("GET " + PATH + "/settlements/{id}", world -> get(PATH + "/settlements/" + settlement(world)), Role.FIN);
        to.list("GET " + PATH + "/metrics", world -> get(PATH + "/metrics"), null, Role.FIN);
        to.list("GET " + PATH + "/rules", world -> get(PATH + "/rules"), null, Role.CA);
        to.list("GET " + PATH + "/accruals", world -> get(PATH + "/accruals"), null, Role.FIN);
        to.row("POST " + PATH + "/lapses", world -> {
            var planted = planted(world);
            var scheme = world.once("old scheme", () -> planted.scheme("CLM-OLD", ""));
            world.once("old bill", () -> planted.bill(scheme, world.owner.o2(), "S2", -400, 10, "40.00", Oddity.NONE));
            return post(PATH + "/lapses", Map.of("id", world.once("lapse", UUID::randomUUID), "distributorId", world.owner.id(), "schemeId", scheme, "schemeVersion", 1, "reason", "nobody claimed it"));
        }, Role.FIN);
        to.row("GET " + PATH + "/{id}", world -> get(PATH + "/" + draft(world, "kept")), Role.BC);
        to.row("GET " + PATH + "/{id}/lines", world -> get(PATH + "/" + draft(world, "kept") + "/lines"), Role.CA);
        to.row("GET " + PATH + "/{id}/history", world -> get(PATH + "/" + draft(world, "kept") + "/history"), Role.DO);
        to.row("PUT " + PATH + "/{id}/lines", world -> {
            var claim = draft(world, "lowered");
            return put(PATH + "/" + claim + "/lines", Map.of("lines", List.of(Map.of("line", 1, "claimed", "30.00"))), etag(world, claim, Role.BC));
        }, Role.BC);
        to.row("POST " + PATH + "/{id}/evidence", world -> post(PATH + "/" + draft(world, "attached") + "/evidence", Map.of("kind", "OTHER", "hash", "ef".repeat(32), "name", "paper.pdf")), Role.BC);
        to.row("POST " + PATH + "/{id}/submission", world -> {
            var claim = draft(world, "submitted");
            return post(PATH + "/" + claim + "/submission", Map.of()).with("If-Match", etag(world, claim, Role.DO));
        }, Role.DO);
        to.row("POST " + PATH + "/{id}/withdrawal", world -> post(PATH + "/" + draft(world, "withdrawn") + "/withdrawal", Map.of("reason", "not wanted")), Role.DO);
        to.row("POST " + PATH + "/{id}/waiver", world -> {
            var claim = inReview(world, "late");
            world.once("late now", () -> planted(world).network.transactions.write(world.owner.id(), db -> db.sql("update claims.claim set late = true, awaits = 'WAIVER' where distributor_id = ? and id = ?").params(world.owner.id(), claim).update()));
            return post(PATH + "/" + claim + "/waiver", Map.of("reason", "the post was late"));
        }, Role.RSM);
        to.row("POST " + PATH + "/{id}/query", world -> post(PATH + "/" + inReview(world, "queried") + "/query", Map.of("text", "Which delivery?")), Role.CA);
        to.row("POST " + PATH + "/{id}/reply", world -> {
            var claim = inReview(world, "replied");
            world.once("question", () -> {
                claims.query(ClaimWorld.person(900072, world.owner.id(), Role.CA), claim, "Which delivery?");
                return true;
            });
            return post(PATH + "/" + claim + "/reply", Map.of("text", "The first"));
        }, Role.BC);
        to.row("POST " + PATH + "/{id}/decision", world -> {
            var claim = inReview(world, "decided");
            return post(PATH + "/" + claim + "/decision", Map.of("decision", "APPROVE")).with("If-Match", etag(world, claim, Role.CA));
        }, Role.CA);
        to.row("POST " + PATH + "/{id}/confirmation", world -> {
            var claim = proposed(world, "confirmed");
            return post(PATH + "/" + claim + "/confirmation", Map.of()).with("If-Match", etag(world, claim, Role.FIN));
        }, Role.FIN);
        to.row("POST " + PATH + "/{id}/sending-back", world -> post(PATH + "/" + proposed(world, "sent back") + "/sending-back", Map.of("reason", "look again")), Role.FIN);
        to.row("POST " + PATH + "/{id}/dispute", world -> post(PATH + "/" + rejected(world, "disputed") + "/dispute", Map.of("text", "it is signed", "lines", List.of(Map.of("line", 1)))), Role.DO);
        to.row("POST " + PATH + "/{id}/clawback", world -> {
            var claim = filed(world, "clawed", "40.00");
            world.once("clawed settlement", () -> {
                claims.settle(ClaimWorld.person(900073, world.owner.id(), Role.FIN), claim, UUID.randomUUID(), "FIN_CN", null);
                return true;
            });
            return post(PATH + "/" + claim + "/clawback", Map.of("reason", "NOT_PROVEN", "lines", List.of(Map.of("line", 1, "amount", "10.00")))).with("If-Match", etag(world, claim, Role.FIN));
        }, Role.FIN);
        to.row("POST " + PATH + "/{id}/appeal", world -> {
            var claim = rejected(world, "appealed");
            world.once("dispute lost", () -> {
                claims.dispute(ClaimWorld.person(900071, world.owner.id(), Role.DO), claim, "it is signed", List.of(1));
                claims.decide(ClaimWorld.person(900074, world.owner.id(), Role.CA), claim, "REJECT", "NOT_PROVEN", List.of());
                return true;
            });
            return post(PATH + "/" + claim + "/appeal", Map.of("text", "here is the driver's copy"));
        }, Role.DO);
        to.row("POST " + PATH + "/{id}/settlement", world -> post(PATH + "/" + filed(world, "to settle", "40.00") + "/settlement", Map.of("id", world.once("settle id", UUID::randomUUID), "treatment", "FIN_CN")), Role.FIN);
        to.list("GET /api/v1/trade-spend", world -> {
            draft(world, "kept");
            return get("/api/v1/trade-spend?by=distributor");
        }, world -> "OWNER-" + world.network.tag, Role.FIN);
        to.list("GET /api/v1/trade-spend/entries", world -> {
            draft(world, "kept");
            return get("/api/v1/trade-spend/entries?limit=200");
        }, world -> "OWNER-" + world.network.tag, Role.FIN);
    }
}
