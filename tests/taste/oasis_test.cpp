// Real people: tastes read off their ratings of some photos tell something about their ratings of others.

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "catch.h"
#include "paa/taste/read_taste.h"

using paa::Taste;
using paa::TasteEvidence;
using paa::TasteVocabulary;
using paa::TraitTable;

namespace {

// The set's own files have no quotes, so the test needs no reader.
std::vector<std::vector<std::string>> rows_of(const std::string& file) {
  std::ifstream in(PAA_SHARED_DATA "/data/oasis/" + file);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);) {
    std::istringstream fields(line.substr(0, line.find('\r')));
    rows.emplace_back();
    for (std::string field; std::getline(fields, field, ',');) rows.back().push_back(field);
  }
  if (!rows.empty()) rows.erase(rows.begin());
  return rows;
}

struct Rated {
  std::size_t photo;
  double value;
};

struct Oasis {
  TraitTable table;  // categories and themes only
  std::vector<bool> test_photo;
  std::map<std::string, std::vector<Rated>> train_people, test_people;
  std::vector<double> sum, count;  // over train people

  // Without the person's own rating, where it is in the mean.
  double residual(const Rated& rating, bool own) const {
    const double n = count[rating.photo] - (own ? 1 : 0);
    return rating.value - (sum[rating.photo] - (own ? rating.value : 0)) / n;
  }
};

Oasis load() {
  Oasis oasis;
  const auto photos = rows_of("images.csv");
  std::map<std::string, std::size_t> index;
  std::vector<paa::PhotoFacts> facts;
  std::vector<std::size_t> reference;
  for (const auto& row : photos) {
    if (row.at(4) == "train") reference.push_back(facts.size());
    index[row.at(0)] = facts.size();
    facts.push_back({row.at(3), row.at(2), {}, {}});
    oasis.test_photo.push_back(row.at(4) == "test");
  }
  oasis.table = TraitTable::build(TasteVocabulary::standard(), {}, facts, reference);
  std::map<std::string, std::string> split;
  for (const auto& row : rows_of("users.csv")) split[row.at(0)] = row.at(4);
  oasis.sum.resize(facts.size());
  oasis.count.resize(facts.size());
  for (const auto& row : rows_of("ratings.csv")) {
    const Rated rating{index.at(row.at(1)), std::stod(row.at(2))};
    const std::string& of = split.at(row.at(0));
    if (of == "test") oasis.test_people[row.at(0)].push_back(rating);
    if (of != "train") continue;
    oasis.train_people[row.at(0)].push_back(rating);
    oasis.sum[rating.photo] += rating.value;
    oasis.count[rating.photo] += 1;
  }
  return oasis;
}

std::vector<TasteEvidence> evidence_of(const Oasis& oasis, const std::vector<Rated>& ratings, bool own) {
  std::vector<TasteEvidence> evidence;
  for (const Rated& rating : ratings) {
    if (!oasis.test_photo[rating.photo])
      evidence.push_back({oasis.residual(rating, own), oasis.table.row(rating.photo)});
  }
  return evidence;
}

// The mean product of the taste's shift and the person's residual over test photos, both centred.
double agreement(const Oasis& oasis, const Taste& taste, const std::vector<Rated>& ratings) {
  double n = 0, x = 0, y = 0, xy = 0;
  for (const Rated& rating : ratings) {
    if (!oasis.test_photo[rating.photo]) continue;
    const double shift = paa::taste_shift(taste, oasis.table.row(rating.photo)),
                 residual = oasis.residual(rating, false);
    n += 1, x += shift, y += residual, xy += shift * residual;
  }
  return n > 0 ? xy / n - x / n * y / n : 0;
}

}  // namespace

TEST_CASE("tastes read off 25 ratings of a real person fit that person's test photos better than another's tastes do") {
  if (rows_of("images.csv").empty()) {
    WARN("skipped: the research data are absent");
    return;
  }
  const Oasis oasis = load();
  std::vector<std::vector<TasteEvidence>> people;
  for (const auto& [id, ratings] : oasis.train_people) people.push_back(evidence_of(oasis, ratings, true));
  paa::TasteReading reading;
  reading.shrinkage = paa::fit_shrinkage(people, TasteVocabulary::standard());

  std::vector<Taste> tastes;
  std::vector<const std::vector<Rated>*> rated;
  paa::Random random(1);
  for (const auto& [id, ratings] : oasis.test_people) {
    const auto all = evidence_of(oasis, ratings, false);
    std::vector<TasteEvidence> support;
    for (const std::size_t i : random.permutation(all.size())) {
      if (support.size() < 25) support.push_back(all[i]);
    }
    tastes.push_back(paa::read_taste(support, TasteVocabulary::standard(), reading));
    rated.push_back(&ratings);
  }
  REQUIRE(tastes.size() > 80);
  double mean = 0, square = 0;
  const auto n = static_cast<double>(tastes.size());
  for (std::size_t i = 0; i < tastes.size(); ++i) {
    const double gain =
        agreement(oasis, tastes[i], *rated[i]) - agreement(oasis, tastes[(i + 1) % tastes.size()], *rated[i]);
    mean += gain / n;
    square += gain * gain / n;
  }
  const double error = std::sqrt((square - mean * mean) / n);
  INFO("true minus another's: " << mean << ", standard error " << error);
  CHECK(mean > 2 * error);
}
