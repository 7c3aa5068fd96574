package io.offtake.governance;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Checks of one module on the changes of another's master, such as a scheme's period against price revisions. A module
/// offers one as a bean; it is asked once the master itself has no faults.
public interface ChangeChecks {
    /// The master's type.
    String kind();

    List<Finding> findings(JdbcClient db, long distributorId, Draft<?> draft);
}
