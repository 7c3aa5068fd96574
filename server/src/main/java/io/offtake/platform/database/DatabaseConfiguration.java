package io.offtake.platform.database;

import io.offtake.platform.TenantTransaction;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.PlatformTransactionManager;

/// Opens the database at start: embedded or external, migrated and secured before the first pool connects.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DatabaseSettings.class)
class DatabaseConfiguration {

    /// The open database; closing it stops the embedded cluster, after the pools that depend on it.
    record OpenDatabase(DatabaseAccess access, @Nullable EmbeddedPostgres postgres) implements AutoCloseable {
        @Override
        public void close() {
            if (postgres != null) postgres.close();
        }
    }

    @Bean(destroyMethod = "close")
    OpenDatabase openDatabase(DatabaseSettings settings) {
        EmbeddedPostgres postgres = null;
        try {
            DatabaseAccess access;
            if (settings.db().isEmbedded()) {
                postgres = EmbeddedPostgres.start(settings.home(), settings.join() ? EmbeddedPostgres.Use.JOIN : EmbeddedPostgres.Use.OWN, Map.of());
                access = DatabaseBootstrap.embedded(postgres, "offtake");
            } else {
                access = settings.db().access();
                if (settings.db().migrate()) DatabaseBootstrap.external(access);
            }
            if (settings.db().migrate()) DatabaseBootstrap.migrate(access, LocalDate.now(ZoneOffset.UTC));
            return new OpenDatabase(access, postgres);
        } catch (RuntimeException failure) {
            if (postgres != null) postgres.close();
            throw failure;
        }
    }

    @Bean
    DatabaseAccess databaseAccess(OpenDatabase database) {
        return database.access();
    }

    @Bean
    Manifest tableManifest() {
        return Manifest.load();
    }

    @Bean
    QuarterPartitions partitions(DatabaseAccess access, Manifest manifest) {
        return new QuarterPartitions(access, manifest);
    }

    /// Makes next year's quarters while the server runs on; at start they are made with the migrations.
    @Bean
    NextPartitions nextPartitions(QuarterPartitions partitions, DatabaseSettings settings) {
        return new NextPartitions(partitions, settings.db().migrate());
    }

    record NextPartitions(QuarterPartitions partitions, boolean active) {
        @Scheduled(cron = "0 10 2 * * *", zone = "UTC")
        void nightly() {
            if (active) partitions.ensureAround(LocalDate.now(ZoneOffset.UTC));
        }
    }

    @Bean(destroyMethod = "close")
    @Primary
    DataSource appDataSource(OpenDatabase database, DatabaseSettings settings) {
        return Pools.open(database.access().url(), database.access().app(), "app", settings.db().appPool());
    }

    @Bean(destroyMethod = "close")
    @Qualifier("network")
    DataSource networkDataSource(OpenDatabase database, DatabaseSettings settings) {
        return Pools.open(database.access().url(), database.access().network(), "network", settings.db().networkPool());
    }

    @Bean
    @Primary
    JdbcClient appJdbcClient(DataSource source) {
        return JdbcClient.create(source);
    }

    @Bean
    @Qualifier("network")
    JdbcClient networkJdbcClient(@Qualifier("network") DataSource source) {
        return JdbcClient.create(source);
    }

    @Bean
    @Primary
    PlatformTransactionManager appTransactionManager(DataSource source) {
        return new JdbcTransactionManager(source);
    }

    @Bean
    TenantTransaction tenantTransaction(DataSource app, @Qualifier("network") DataSource network) {
        return new ScopedTransactions(app, network);
    }
}
