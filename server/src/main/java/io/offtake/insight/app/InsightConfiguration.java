package io.offtake.insight.app;

import io.offtake.insight.FactsGate;
import io.offtake.insight.domain.Engine;
import io.offtake.insight.store.ColumnarEngine;
import io.offtake.insight.store.ColumnarStore;
import io.offtake.insight.store.FeedStore;
import io.offtake.insight.store.FileFacts;
import io.offtake.insight.store.NetworkDirectory;
import io.offtake.insight.store.PostgresEngine;
import io.offtake.platform.TenantTransaction;
import java.nio.file.Path;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class InsightConfiguration {

    @Bean
    NetworkDirectory insightNetwork(TenantTransaction transactions, Clock clock) {
        return new NetworkDirectory(transactions, clock);
    }

    /// Opened when the first copy is made, not before.
    @Bean(destroyMethod = "close")
    ColumnarStore insightColumns(TenantTransaction transactions, Clock clock, @Value("${offtake.home:}") String home, @Value("${offtake.insight.columnar.memory:512MB}") String memory,
                                 @Value("${offtake.insight.columnar.threads:2}") int threads) {
        var directory = home.isEmpty() ? Path.of(System.getProperty("java.io.tmpdir"), "offtake-insight-" + ProcessHandle.current().pid()) : Path.of(home).resolve("insight");
        return new ColumnarStore(transactions, clock, directory, memory, threads);
    }

    @Bean
    Engine insightEngine(TenantTransaction transactions, ColumnarStore columns, Feed feed) {
        return new Engines(new PostgresEngine(transactions), new ColumnarEngine(columns), feed::behind);
    }

    @Bean
    FeedStore insightFeedStore(TenantTransaction transactions, Clock clock) {
        return new FeedStore(transactions, clock);
    }

    @Bean
    FactsGate insightFactsGate(TenantTransaction transactions, FeedStore store, Clock clock) {
        return new FileFacts(transactions, store, clock);
    }
}
