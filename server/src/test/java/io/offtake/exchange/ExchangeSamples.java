package io.offtake.exchange;

import static io.offtake.access.testing.Samples.Request.get;
import static io.offtake.access.testing.Samples.Request.post;

import io.offtake.access.Role;
import io.offtake.access.testing.OperationSamples;
import io.offtake.access.testing.Samples;
import io.offtake.access.testing.Samples.Request;
import io.offtake.access.testing.World;
import java.util.Map;
import org.springframework.stereotype.Component;

/// Files of the owner's outlets, going in and out, and the jobs that carry them.
@Component
class ExchangeSamples implements OperationSamples {
    private static final String BOUNDARY = "offtake-boundary";

    @Override
    public void add(Samples to) {
        to.nobodys("GET /api/v1/imports/types", "what a file may bring", _ -> get("/api/v1/imports/types"), Role.BC);
        to.row("POST /api/v1/imports", world -> upload(world, "posted"), Role.BC);
        to.list("GET /api/v1/imports", _ -> get("/api/v1/imports"), world -> run(world, "kept"), Role.BC);
        to.row("GET /api/v1/imports/{id}", world -> get("/api/v1/imports/" + run(world, "kept")), Role.BC);
        to.row("PUT /api/v1/imports/{id}/mapping", world -> new Request("PUT", "/api/v1/imports/" + run(world, "kept") + "/mapping", Map.of("mapping", Map.of()), Map.of()), Role.BC);
        to.row("GET /api/v1/imports/{id}/error-file", world -> {
            job(world);
            var path = "/api/v1/imports/" + run(world, "worked");
            org.awaitility.Awaitility.await().atMost(java.time.Duration.ofSeconds(60)).until(() -> world.owner(Role.BC).get(path).json().path("hasErrorFile").asBoolean());
            return get(path + "/error-file");
        }, Role.BC);
        to.row("POST /api/v1/imports/{id}/confirmation", world -> post("/api/v1/imports/" + run(world, "confirmed") + "/confirmation", null), Role.BC);
        to.row("POST /api/v1/imports/{id}/cancellation", world -> post("/api/v1/imports/" + run(world, "dropped") + "/cancellation", null), Role.BC);
        to.list("GET /api/v1/imports/samples/{type}", _ -> get("/api/v1/imports/samples/outlets"), null, Role.BC);
        to.list("GET /api/v1/exports/{type}", _ -> get("/api/v1/exports/outlets"), ExchangeSamples::outlet, Role.BC);

        to.list("GET /api/v1/jobs", _ -> get("/api/v1/jobs"), ExchangeSamples::job, Role.BC);
        to.row("GET /api/v1/jobs/{id}", world -> get("/api/v1/jobs/" + job(world)), Role.BC);
        to.row("POST /api/v1/jobs/{id}/cancellation", world -> post("/api/v1/jobs/" + job(world) + "/cancellation", null), Role.BC);
    }

    /// One good row and one bad one, so that there is an error file.
    private static Request upload(World world, String name) {
        var part = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n%s\r\n";
        var csv = "Code,Name,Channel,Class,State,City,PIN,Address\nI-" + name + ",Import Stores " + name + ",GT,A,27,Pune,411001,Main Road\n,,,,,,,\n,No code,GT,A,27,Pune,411001,Main Road\n";
        var body = part.formatted("type", "", "outlets") + part.formatted("distributorId", "", Long.toString(world.owner.id()))
                + part.formatted("file", "; filename=\"" + name + ".csv\"\r\nContent-Type: text/csv", csv) + "--" + BOUNDARY + "--\r\n";
        return post("/api/v1/imports", body).with("Content-Type", "multipart/form-data; boundary=" + BOUNDARY);
    }

    private static String run(World world, String name) {
        return world.once("import " + name, () -> {
            var request = upload(world, name);
            var answer = world.owner(Role.BC).send(request.method(), request.path(), request.body(), request.headers());
            if (answer.status() / 100 != 2) throw new AssertionError("a sample could not be made: " + answer);
            return world.secret(answer.json().path("id").asString());
        });
    }

    private static String job(World world) {
        return world.once("job", () -> world.secret(world.owner(Role.BC).post("/api/v1/imports/" + run(world, "worked") + "/confirmation", null).json().path("jobId").asString()));
    }

    private static String outlet(World world) {
        return world.once("exported outlet", () -> {
            var name = world.secret("Stores of " + world.network.tag);
            world.owner(Role.BC).post("/api/v1/outlets", Map.of("distributorId", world.owner.id(), "code", "EX1", "name", name, "channel", "GT", "outletClass", "A", "stateCode", "27", "pin", "411001", "city", "Pune", "address", "Main Road"));
            return name;
        });
    }
}
