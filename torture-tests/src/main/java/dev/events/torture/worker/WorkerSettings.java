package dev.events.torture.worker;

import java.nio.file.Path;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What the driver tells a worker.
 *
 * @param name name of this JVM, different after each start
 * @param node number of the node, from 0
 * @param seed seed of everything random that this JVM publishes
 * @param directory where the journals go
 * @param keys how many keys are shared by all nodes, and how many each publisher has to
 * itself
 * @param publishers number of publishing threads
 * @param rate transactions in a second, of all publishers of this JVM together
 */
@ConfigurationProperties("torture")
record WorkerSettings(String name, int node, long seed, Path directory, int keys, int publishers, int rate) {

}
