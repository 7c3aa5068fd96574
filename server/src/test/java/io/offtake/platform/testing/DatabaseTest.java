package io.offtake.platform.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// A test class with a migrated PostgreSQL database of its own, without Spring. Constructor and method parameters may be
/// [TestDatabase], `TenantTransaction`, `Partitions`, `DataSource` or `JdbcClient`; the last two are the application's,
/// or the network's with `@Qualifier("network")`. A JdbcClient outside of a transaction sees reference tables only.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(DatabaseExtension.class)
public @interface DatabaseTest {}
