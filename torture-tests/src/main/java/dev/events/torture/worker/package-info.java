/**
 * One node under test: an ordinary Spring Boot application with our starter and a store,
 * which its profile decides. It publishes, handles, and writes down what it did in files
 * of which the engine knows nothing.
 */
@NullMarked
package dev.events.torture.worker;

import org.jspecify.annotations.NullMarked;
