/// From a question to a plan: pure, without SQL.
@NullMarked
package io.offtake.insight.domain;

import org.jspecify.annotations.NullMarked;
