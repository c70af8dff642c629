#include "gallery_page.h"

#include <string>

#include "catch.h"
#include "html_text.h"
#include "sample_ranking.h"

using Catch::Matchers::Contains;
using paa::cli::gallery_page;

namespace {

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

}  // namespace

TEST_CASE("the page shows each photo with its place in every person's order") {
  const std::string page = gallery_page(sample_ranking());
  CHECK_THAT(page, Contains("data-ranks=\"1 2\"") && Contains("data-ranks=\"2 1\""));
  CHECK(page.find("first.png") < page.find("second.png"));
  CHECK_THAT(page, Contains("<b>6.25</b> <span>± 1.01</span>"));
  CHECK_THAT(page, Contains("aria-label=\"bad 0 %, poor 0 %, fair 10 %, good 30 %, excellent 60 %\""));
}

TEST_CASE("the spread is drawn on the model's scale and ends with it") {
  const std::string page = gallery_page(sample_ranking());
  // 6.25 on 1..7 is at 87.5 %; 6.25 - 1.006 at 70.7 %; the upper end leaves the scale.
  CHECK_THAT(page, Contains("--at:87.5%;--from:70.7%;--to:0.0%"));
}

TEST_CASE("one person's page has no script and says what was predicted") {
  auto ranking = sample_ranking();
  ranking.people.pop_back();
  for (auto& photo : ranking.photos) photo.scores.pop_back();
  const std::string page = gallery_page(ranking);
  CHECK(count_of(page, "<script") == 0);
  CHECK(count_of(page, "script-src") == 0);
  CHECK(count_of(page, "<button") == 0);
}

TEST_CASE("the page's policy allows its own script and nothing from elsewhere") {
  const std::string page = gallery_page(sample_ranking());
  const auto begin = page.find("<script>") + std::string("<script>").size();
  const std::string script = page.substr(begin, page.find("</script>") - begin);
  CHECK_THAT(page, Contains("default-src 'none'"));
  CHECK_THAT(page, Contains("script-src 'sha256-" + paa::cli::sha256_base64(script) + "'"));
  CHECK(count_of(page, "http") == 1);  // http-equiv
}

TEST_CASE("the model's word on its data stands on the page, and only if there is one") {
  auto ranking = sample_ranking();
  CHECK(count_of(gallery_page(ranking), "class=\"note\"") == 0);
  ranking.model.data_note = "Differences between people mean little until <more> is known.";
  CHECK_THAT(gallery_page(ranking), Contains("mean little until &lt;more&gt; is known."));
}

TEST_CASE("nothing a person typed becomes markup") {
  auto ranking = sample_ranking();
  const std::string attack = "</title><script>\"'&";
  ranking.people[0] = {attack, attack};
  ranking.photos[0].path = "in/" + std::string("<script>\"'&.png");
  ranking.photos[1].path = attack + "/x.png";
  ranking.failures.push_back({"x", {}, {}, attack});
  ranking.model.name = attack;
  const std::string page = gallery_page(ranking);
  CHECK(count_of(page, "<script") == 1);
  CHECK(count_of(page, "</title>") == 1);
}

TEST_CASE("folders are shown as far as they tell photos apart") {
  auto ranking = sample_ranking();
  ranking.photos[0].path = "/home/somebody/photos/2020/first.png";
  ranking.photos[1].path = "/home/somebody/photos/second.png";
  CHECK_THAT(gallery_page(ranking), Contains("<bdi>2020</bdi>") && !Contains("somebody"));
  ranking.photos[1].path = "/home/somebody/photos/2020/second.png";
  CHECK_THAT(gallery_page(ranking), !Contains("2020"));
  ranking.photos[1].path = "elsewhere/second.png";
  CHECK_THAT(gallery_page(ranking),
             Contains("<bdi>/home/somebody/photos/2020</bdi>") && Contains("<bdi>elsewhere</bdi>"));
}

TEST_CASE("a failed photo is listed with its reason") {
  auto ranking = sample_ranking();
  ranking.failures.push_back({"bad.png", {}, {}, "bad.png: is empty"});
  CHECK_THAT(gallery_page(ranking), Contains("Not scored") && Contains("bad.png: is empty"));
}

TEST_CASE("text for HTML is always valid UTF-8 without control characters") {
  CHECK(paa::cli::html_text("a\nb\x1b\x7f") ==
        "a\xE2\x90\x8A"
        "b\xE2\x90\x9B\xE2\x90\xA1");
  CHECK(paa::cli::html_text("caf\xE9") == "caf\xEF\xBF\xBD");
  CHECK(paa::cli::html_text("\xC3\xA4 \xE2\x98\x95") == "\xC3\xA4 \xE2\x98\x95");
  CHECK(paa::cli::html_text("<&>\"'") == "&lt;&amp;&gt;&quot;&#39;");
}

TEST_CASE("base64 is that of RFC 4648") {
}

TEST_CASE("a hash for the page's policy is the standard's example in base64") {
  // FIPS 180-4's "abc": ba7816bf 8f01cfea 414140de 5dae2223 b00361a3 96177a9c b410ff61 f20015ad.
  CHECK(paa::cli::sha256_base64("abc") == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
}
