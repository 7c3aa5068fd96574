package io.offtake.access;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The users of this installation, for the launcher and for the demo's generator. People use the API, which asks for
/// permission and row scope first.
public interface Users {

    /// @param username      in lower case: letters, digits, dot, dash, underscore, at sign
    /// @param language      `en` or `hi`
    /// @param distributorId whose staff it is, null for the head office
    /// @param password      null for an integration account, which only has tokens
    record NewUser(String username, String name, Kind kind, String language, @Nullable Long distributorId, List<Grant.OfRole> roles,
                   List<Grant.OfScope> scopes, @Nullable String password) {
        public NewUser {
            roles = List.copyOf(roles);
            scopes = List.copyOf(scopes);
        }

        @Override
        public String toString() {
            return username;
        }
    }

    enum Kind { PERSON, INTEGRATION }

    /// The first administrator (role IT, whole network), made from the terminal. Possible again only when no active
    /// administrator is left.
    ///
    /// @return the user's id
    /// @throws io.offtake.platform.ProblemException DUPLICATE, PASSWORD_WEAK, ILLEGAL_STATE if there is an administrator
    long createFirst(String username, String name, String password);

    /// Creates a user on behalf of the system; segregation of duties holds here, too.
    ///
    /// @param actor who, for the record, such as `demo generator`
    long register(NewUser user, String actor);

    Optional<Long> find(String username);

    /// Who that person is today, with roles and row scope; empty for unknown and blocked users.
    Optional<Caller> caller(String username);

    /// Active people, without integration accounts, whose roles of today allow this.
    java.util.Set<Long> holders(Permission permission);
}
