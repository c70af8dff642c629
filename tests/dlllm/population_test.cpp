#include "paa/dlllm/population.h"

#include <functional>

#include "catch.h"
#include "golden_population.h"
#include "paa/core/error.h"

using paa::Json;
using paa::population_from_json;
using paa::population_to_json;

namespace {

void refuse(const std::function<void(Json&)>& change, const std::string& part,
            paa::ErrorCode code = paa::ErrorCode::kBadFormat) {
  Json json = population_to_json(golden_population());
  change(json);
  try {
    population_from_json(json, "population.json");
    FAIL_CHECK("was accepted: " << part);
  } catch (const paa::Error& e) {
    INFO(e.what());
    CHECK(e.code() == code);
    CHECK(std::string(e.what()).find("population.json") != std::string::npos);
    CHECK(std::string(e.what()).find(part) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("A population comes back as it was written", "[population]") {
  CHECK(population_from_json(population_to_json(golden_population()), "p") == golden_population());
}

TEST_CASE("Mistakes in a population file are told with their place", "[population]") {
  refuse([](Json& json) { json["version"] = 2; }, "version 2", paa::ErrorCode::kUnsupported);
  refuse([](Json& json) { json["format"] = "paa-person"; }, "format");
  refuse([](Json& json) { json["noise"] = 0; }, "noise");
  refuse([](Json& json) { json["noise"] = "much"; }, "noise");
  refuse([](Json& json) { json.erase("slope"); }, "slope");
  refuse([](Json& json) { json["scale"] = {7, 1}; }, "scale");
  refuse([](Json& json) { json["groups"][0]["deviation"].erase(0); }, "deviation");
  refuse([](Json& json) { json["groups"][0]["deviation"][1] = 0; }, "deviation[1]");
  refuse([](Json& json) { json["groups"][1]["scale"] = -1; }, "groups[1]");
  refuse([](Json& json) { json["calibration"]["factor"] = -1; }, "factor");
  refuse([](Json& json) { json["extra"] = 1; }, "extra");
}

TEST_CASE("A population's concepts stand with their ratings", "[population]") {
  paa::Population population = golden_population();
  population.rater = "anchors";
  population.concepts = {{"age", "How old is it?", "new", "old", {"new"}, {"old"}, "It is very"}};
  population.groups.push_back({paa::kConceptsGroup, 0.2, {4}, {2}});
  const Json json = population_to_json(population);
  CHECK(population_from_json(json, "p") == population);
  CHECK(paa::with_groups(population, {"pooled", paa::kConceptsGroup}).concepts == population.concepts);
  CHECK(paa::with_groups(population, {"pooled"}).concepts.empty());
  CHECK(paa::with_groups(population, {"pooled"}).rater.empty());
  for (const char* part : {"rater", "concepts"}) {
    Json damaged = json;
    damaged.erase(part);
    CHECK_THROWS_WITH(population_from_json(damaged, "p.json"), Catch::Contains("p.json") && Catch::Contains("concepts"));
  }
  Json damaged = json;
  damaged["concepts"][0]["name"] = "";
  CHECK_THROWS_WITH(population_from_json(damaged, "p.json"), Catch::Contains("concepts[0]"));
}

TEST_CASE("Groups are chosen by name", "[population]") {
  const auto part = paa::with_groups(golden_population(), {"statistics"});
  REQUIRE(part.groups.size() == 1);
  CHECK(part.groups[0] == golden_population().groups[1]);
  CHECK_THROWS_AS(paa::with_groups(golden_population(), {"smell"}), paa::Error);
}
