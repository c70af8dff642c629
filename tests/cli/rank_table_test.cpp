#include "rank_table.h"

#include "catch.h"
#include "sample_ranking.h"

TEST_CASE("the table has a line a photo and a column a person") {
  CHECK(paa::cli::rank_table(sample_ranking()) ==
        "# scale 1 to 7, model tiny 0123456789ab\n"
        "# Anna: a woman.\n"
        "# Ben: a man.\n"
        "rank          Anna           Ben  photo\n"
        "   1   6.25 ± 1.01   1.75 ± 1.01  in/first.png\n"
        "   2   1.75 ± 1.01   6.25 ± 1.01  in/second.png\n");
}

TEST_CASE("a name with a line break keeps to its line") {
  auto ranking = sample_ranking();
  ranking.photos[0].path = "a\nb\x1b[31m.png";
  const std::string table = paa::cli::rank_table(ranking);
  CHECK(table.find("a\\nb\\x1b[31m.png\n") != std::string::npos);
}
