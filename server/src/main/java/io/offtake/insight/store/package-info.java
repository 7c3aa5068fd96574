/// The facts and the questions about them in PostgreSQL.
@NullMarked
package io.offtake.insight.store;

import org.jspecify.annotations.NullMarked;
