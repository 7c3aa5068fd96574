package io.offtake.governance;

import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/// What change requests are about: the governed masters by kind, and the steps of other modules on them.
@Component
class ChangeKinds {
    private final Map<String, Master<?>> kinds = new TreeMap<>();
    private final ObjectProvider<ChangeSteps> steps;

    ChangeKinds(List<Master<?>> masters, ObjectProvider<ChangeSteps> steps) {
        masters.stream().filter(ChangeKinds::isGoverned).forEach(master -> kinds.put(master.type(), master));
        this.steps = steps;
    }

    static boolean isGoverned(Master<?> master) {
        return master instanceof Governed<?>;
    }

    Collection<Master<?>> all() {
        return kinds.values();
    }

    Master<?> of(String type) {
        var master = kinds.get(type);
        if (master == null) throw Problem.of(ProblemCode.INVALID, "There are no change requests of kind " + type + ".").at("/kind", ProblemCode.INVALID, "is not known", List.copyOf(kinds.keySet())).exception();
        return master;
    }

    @SuppressWarnings("unchecked")
    static <F extends Record> Governed<F> governed(Master<F> master) {
        return (Governed<F>) master;
    }

    boolean simulates(String kind, String action) {
        if (action.equals(ChangeRequests.PUT)) return governed(of(kind)).simulates();
        var step = step(kind);
        return step.simulates(action);
    }

    ChangeSteps step(String kind) {
        return steps.stream().filter(one -> one.kind().equals(kind)).findFirst().orElseThrow(() -> new IllegalStateException("no steps for " + kind));
    }
}
