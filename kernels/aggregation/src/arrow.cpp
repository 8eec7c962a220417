#include "polyloop/aggregation/arrow.hpp"

#include <array>
#include <deque>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace polyloop::aggregation {

namespace {

/// Frees a producer's struct with its last user.
template <class Struct>
std::shared_ptr<Struct> adopted(Struct* from) {
  std::shared_ptr<Struct> kept(new Struct(*from), [](Struct* mine) {
    if (mine->release) mine->release(mine);
    delete mine;
  });
  from->release = nullptr;
  return kept;
}

[[noreturn]] void reject(const std::string& name, std::string_view format, std::string_view expected) {
  throw invalid_argument("Arrow format of column " + name, format, expected);
}

constexpr std::string_view letters = "cCsSiIlLfg";
constexpr std::array letter_types{
    value_type::int8,   value_type::uint8, value_type::int16,  value_type::uint16,  value_type::int32,
    value_type::uint32, value_type::int64, value_type::uint64, value_type::float32, value_type::float64};
constexpr std::string_view unit_letters = "smun";

/// The type that a format stands for.
column_layout layout_of(const std::string& name, std::string_view format) {
  if (format.size() == 1 && letters.find(format[0]) != std::string_view::npos)
    return {.type = letter_types[letters.find(format[0])]};
  if (format == "b") return {.type = value_type::boolean};
  if (format == "u" || format == "U") return {.type = value_type::string, .wide_offsets = format == "U"};
  if (format.size() >= 4 && format.starts_with("ts") && format[3] == ':' &&
      unit_letters.find(format[2]) != std::string_view::npos) {
    column_layout layout{.type = value_type::timestamp};
    layout.unit = static_cast<time_unit>(unit_letters.find(format[2]));
    layout.time_zone = format.substr(4);
    return layout;
  }
  reject(name, format, "one of b c C s S i I l L f g u U ts*, or a dictionary of u or U");
}

typed_column column_from(const std::string& name, const ArrowSchema& schema, const ArrowArray& array,
                         const std::shared_ptr<const void>& owner) {
  column_layout layout = layout_of(name, schema.format);
  const bool text = layout.type == value_type::string && !schema.dictionary;
  if (array.n_buffers != (text ? 3 : 2) || array.length < 0 || array.offset < 0)
    throw invalid_argument("Arrow buffers of column " + name, std::to_string(array.n_buffers),
                           text ? "3" : "2");
  layout.rows = array.length;
  layout.first = array.offset;
  if (array.null_count != 0) layout.validity = static_cast<const std::uint8_t*>(array.buffers[0]);
  layout.values = array.buffers[text ? 2 : 1];
  if (text) layout.offsets = array.buffers[1];
  if (!schema.dictionary) return typed_column(std::move(layout), owner);
  if (!array.dictionary) throw invalid_argument("Arrow dictionary of column " + name, "missing", "an array");
  typed_column strings = column_from(name, *schema.dictionary, *array.dictionary, owner);
  if (strings.type() != value_type::string || strings.dictionary())
    reject(name, schema.dictionary->format, "u or U");
  if (strings.missing() != 0)
    throw invalid_argument("missing strings of the dictionary", std::to_string(strings.missing()), "none");
  const value_type code_type = std::exchange(layout.type, value_type::string);
  return typed_column(std::move(layout), code_type, std::make_shared<const typed_column>(std::move(strings)),
                      owner);
}

/// What a struct that was given out needs until it is released: its own pieces, and the column.
struct exported_schema {
  std::string name;
  std::string format;
  std::vector<ArrowSchema*> children;
  std::deque<ArrowSchema> child_structs;
  ArrowSchema dictionary;
};
struct exported_array {
  typed_column column;
  std::array<const void*, 3> buffers{};
  std::vector<ArrowArray*> children;
  std::deque<ArrowArray> child_structs;
  ArrowArray dictionary;
};

template <class Struct, class Kept>
void release(Struct* mine) {
  auto* const kept = static_cast<Kept*>(mine->private_data);
  for (Struct* const child : kept->children)
    if (child->release) child->release(child);
  if (mine->dictionary && mine->dictionary->release) mine->dictionary->release(mine->dictionary);
  mine->release = nullptr;
  delete kept;
}

std::string format_of(const typed_column& column) {
  const value_type type = column.stored_type();
  if (type == value_type::boolean) return "b";
  if (type == value_type::string) return column.layout().wide_offsets ? "U" : "u";
  if (type == value_type::timestamp)
    return std::string("ts") + unit_letters[static_cast<std::size_t>(column.layout().unit)] + ':' +
           column.layout().time_zone;
  for (std::size_t i = 0; i < letter_types.size(); ++i)
    if (letter_types[i] == type) return std::string(1, letters[i]);
  return "";
}

exported_schema* start(ArrowSchema* schema, std::string name, std::string format) {
  auto* const kept = new exported_schema{std::move(name), std::move(format), {}, {}, {}};
  *schema = {};
  schema->format = kept->format.c_str();
  schema->name = kept->name.c_str();
  schema->flags = ARROW_FLAG_NULLABLE;
  schema->release = release<ArrowSchema, exported_schema>;
  schema->private_data = kept;
  return kept;
}

exported_array* start(ArrowArray* array, const typed_column& column) {
  auto* const kept = new exported_array{column, {}, {}, {}, {}};
  *array = {};
  array->length = column.rows();
  array->offset = column.layout().first;
  array->null_count = column.missing();  // not -1, "unknown": DuckDB 1.5 then takes codes for not missing
  array->buffers = kept->buffers.data();
  array->release = release<ArrowArray, exported_array>;
  array->private_data = kept;
  return kept;
}

void give_column(const std::string& name, const typed_column& column, ArrowSchema* schema,
                 ArrowArray* array) {
  exported_schema* const shape = start(schema, name, format_of(column));
  exported_array* const kept = start(array, column);
  const column_layout& layout = column.layout();
  const bool text = column.stored_type() == value_type::string;
  array->n_buffers = text ? 3 : 2;
  kept->buffers = {layout.validity, text ? layout.offsets : layout.values, text ? layout.values : nullptr};
  if (!column.dictionary()) return;
  give_column("", *column.dictionary(), &shape->dictionary, &kept->dictionary);
  schema->dictionary = &shape->dictionary;
  array->dictionary = &kept->dictionary;
}

}  // namespace

typed_table import_arrow(ArrowSchema* schema, ArrowArray* array) {
  if (std::string_view(schema->format) != "+s") reject("of the whole", schema->format, "+s, a record batch");
  if (array->n_children != schema->n_children)
    throw invalid_argument("Arrow children", std::to_string(array->n_children),
                           std::to_string(schema->n_children));
  if (array->null_count > 0)
    throw invalid_argument("missing rows of the batch", std::to_string(array->null_count), "none");
  // The columns are made first, of memory that is not theirs yet: whatever is wrong with one leaves all as it
  // was.
  const auto owner = std::make_shared<std::shared_ptr<ArrowArray>>();
  typed_table made;
  for (std::int64_t c = 0; c < schema->n_children; ++c) {
    const std::string name = schema->children[c]->name ? schema->children[c]->name : "";
    made.add(name, column_from(name, *schema->children[c], *array->children[c], owner)
                       .slice(array->offset, array->length));
  }
  *owner = adopted(array);
  adopted(schema);
  return made;
}

void export_arrow(const typed_table& from, ArrowSchema* schema, ArrowArray* array) {
  exported_schema* const shape = start(schema, "", "+s");
  exported_array* const kept = start(array, typed_column(column_layout{.rows = from.rows()}));
  array->n_buffers = 1;
  for (const std::string& name : from.names()) {
    give_column(name, from[name], &shape->child_structs.emplace_back(), &kept->child_structs.emplace_back());
    shape->children.push_back(&shape->child_structs.back());
    kept->children.push_back(&kept->child_structs.back());
  }
  schema->n_children = array->n_children = static_cast<std::int64_t>(shape->children.size());
  schema->children = shape->children.data();
  array->children = kept->children.data();
}

}  // namespace polyloop::aggregation
