package dev.events;

import java.time.InstantSource;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

class ArchitectureTests {

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("dev.events");

	@Test
	void classesAreFound() {
		assertThat(CLASSES.size()).isGreaterThan(50);
	}

	@Test
	void packagesHaveNoCycles() {
		SlicesRuleDefinition.slices().matching("dev.events.(*)..").should().beFreeOfCycles().check(CLASSES);
		noClasses().that()
			.resideInAPackage("dev.events")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("dev.events.*..")
			.because("the API must not know how it is implemented")
			.check(CLASSES);
	}

	@Test
	void coreDoesNotKnowSpring() {
		noClasses().should().dependOnClassesThat().resideInAPackage("org.springframework..").check(CLASSES);
	}

	@Test
	void theEngineKnowsStoresOnlyThroughTheirInterfaces() {
		noClasses().that()
			.resideInAPackage("dev.events.store")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("dev.events.delivery..", "dev.events.publish..", "dev.events.memory..")
			.check(CLASSES);
	}

	@Test
	void deliveryDoesNotDependOnTheNodesClock() {
		noClasses().that()
			.resideInAnyPackage("dev.events.delivery..", "dev.events.bus..", "dev.events.publish..")
			.should()
			.dependOnClassesThat()
			.areAssignableTo(InstantSource.class)
			.because("nodes agree on the store's time only, and their own clocks may be set")
			.check(CLASSES);
	}

	@Test
	void theWallClockIsOnlyReadThroughAClock() {
		noClasses().should()
			.callMethod(System.class, "currentTimeMillis")
			.orShould()
			.callMethod(java.time.Instant.class, "now")
			.check(CLASSES);
	}

	@Test
	void namesSaySomething() {
		classes().should().haveNameNotMatching(".*(Manager|Helper|Util|Utils|Impl)$").check(CLASSES);
	}

}
