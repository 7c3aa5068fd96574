package io.offtake.governance;

import io.offtake.access.Caller;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Steps of a governed master other than writing its form: publishing a price list, ending a scheme. A module offers one as
/// a bean; the request's content is the module's own JSON.
public interface ChangeSteps {
    /// The master's type.
    String kind();

    /// What would be put into force as things are now; a content other than the approved one makes the approval void.
    default JsonNode present(JdbcClient db, String action, String targetId, JsonNode content) {
        return content;
    }

    /// What the checks find, all at once.
    List<Finding> findings(JdbcClient db, String action, String targetId, JsonNode content);

    /// Puts it into force in the caller's transaction: writes the rows, raises the configuration, appends to the audit chain.
    /// @param via what the audit chain names as the way in
    void enforce(JdbcClient db, Caller by, String action, String targetId, JsonNode content, String via);

    /// Whether past bills can be decided again with it.
    default boolean simulates(String action) {
        return false;
    }

    /// As [Governed#inBook].
    default Consumer<ObjectNode> inBook(JdbcClient db, String action, String targetId, JsonNode content) {
        return _ -> {};
    }
}
