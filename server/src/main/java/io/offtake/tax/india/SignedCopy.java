package io.offtake.tax.india;

import io.offtake.tax.portal.Jws;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Holds the portal's signed copy to what was sent: an IRN counts only for our own content (LESSONS 38).
public final class SignedCopy {
    private SignedCopy() {}

    /// Where the copy differs from the payload, as JSON pointers with both values; empty when it is the same.
    /// Members that the portal adds are its own.
    ///
    /// @param key null: signatures are not checked
    public static List<String> differences(String payload, String signed, @Nullable PublicKey key) {
        if (key != null && !Jws.isSignedBy(signed, key)) return List.of("the signature is not the portal's");
        try {
            var copy = Inv01.JSON.readTree(Inv01.JSON.readTree(Jws.payload(signed)).path("data").asString());
            var found = new ArrayList<String>();
            compare("", Inv01.JSON.readTree(payload), copy, found);
            return List.copyOf(found);
        } catch (JacksonException | IllegalArgumentException _) {
            return List.of("the signed copy cannot be read");
        }
    }

    private static void compare(String at, JsonNode ours, @Nullable JsonNode theirs, List<String> found) {
        if (theirs == null || theirs.isNull()) {
            if (!ours.isNull()) found.add(at + ": " + ours + " is not there");
        } else if (ours.isObject()) {
            ours.properties().forEach(member -> compare(at + "/" + member.getKey(), member.getValue(), theirs.get(member.getKey()), found));
        } else if (ours.isArray()) {
            if (ours.size() != theirs.size()) found.add(at + ": " + ours.size() + " and there " + theirs.size());
            else for (int i = 0; i < ours.size(); i++) compare(at + "/" + i, ours.get(i), theirs.get(i), found);
        } else if (ours.isNumber() && theirs.isNumber() ? ours.decimalValue().compareTo(theirs.decimalValue()) != 0 : !ours.asString().equals(theirs.asString())) {
            found.add(at + ": " + ours + " and there " + theirs);
        }
    }
}
