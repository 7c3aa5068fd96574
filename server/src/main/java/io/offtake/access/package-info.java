/// Who may enter and what they may see: users, roles, row scope, sessions, API tokens, security log.
@ApplicationModule(allowedDependencies = {"platform"})
@NullMarked
package io.offtake.access;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
