package io.offtake.access.web;

import io.offtake.access.DemoDoors.Door;
import io.offtake.access.app.Doors;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// The doors of the demo. Elsewhere there are none.
@RestController
class DemoController {
    private final Doors doors;
    private final boolean demo;

    DemoController(Doors doors, @Value("${offtake.demo:false}") boolean demo) {
        this.doors = doors;
        this.demo = demo;
    }

    @GetMapping("/api/v1/demo/doors")
    List<Door> doors() {
        if (!demo) throw Problem.of(ProblemCode.NOT_FOUND, "This is no demo.").exception();
        return doors.all();
    }
}
