package dev.events.spring.test;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/**
 * Reads the properties of {@link EventsTest}.
 */
class EventsTestContextBootstrapper extends TestSliceTestContextBootstrapper<EventsTest> {

}
