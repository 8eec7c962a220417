#include "support/claim.hpp"

#include <nlohmann/json.hpp>

namespace polyloop::bench {

nlohmann::ordered_json json_row(const claim& made) {
  return {{"claim", made.text},          {"measured", made.measured}, {"bar", made.bar},
          {"direction", made.direction()}, {"unit", made.unit},         {"holds", made.holds()}};
}

}  // namespace polyloop::bench
