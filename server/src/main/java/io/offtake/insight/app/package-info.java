/// Questions asked and facts taken in.
@NullMarked
package io.offtake.insight.app;

import org.jspecify.annotations.NullMarked;
