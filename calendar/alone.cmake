# What calendar/CMakeLists.txt needs where the rest of the house is not there: flags, libraries, the room as a library,
# the example of README.md and, where tests/ stands beside it, the room's unit tests.
get_filename_component(root ${CMAKE_CURRENT_SOURCE_DIR} DIRECTORY)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_package(Boost 1.81 REQUIRED COMPONENTS json locale)
find_package(ICU REQUIRED COMPONENTS uc i18n data)
find_package(date REQUIRED)

add_library(convoke_flags INTERFACE)
target_include_directories(convoke_flags INTERFACE ${root})
target_compile_options(convoke_flags INTERFACE -Wall -Wextra -Wpedantic -Wno-missing-field-initializers)
target_link_libraries(convoke_flags INTERFACE Boost::headers)

function(convoke_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_library(convoke_${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(convoke_${name} PUBLIC convoke_flags ${ROOM_LIBRARIES})
  target_precompile_headers(convoke_${name} PRIVATE
    <algorithm> <chrono> <cstdint> <functional> <map> <memory> <optional> <span> <string> <string_view>
    <unordered_map> <utility> <variant> <vector> <boost/system/result.hpp>)
endfunction()

function(convoke_unit room)
  cmake_parse_arguments(UNIT "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(unit_${room} ${UNIT_SOURCES} ${root}/tests/catch_main.cpp)
  target_link_libraries(unit_${room} PRIVATE Catch2::Catch2 convoke_flags ${UNIT_LIBRARIES})
  target_compile_definitions(unit_${room} PRIVATE CONVOKE_SOURCE_DIR="${root}")
  add_test(NAME unit_${room} COMMAND unit_${room})
endfunction()

enable_testing()
function(convoke_calendar_checks)
  # The example is what README.md shows.
  file(READ README.md readme)
  string(REGEX MATCH "```cpp\n([^`]*)```" found "${readme}")
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/example.cpp CONTENT "${CMAKE_MATCH_1}" @ONLY)
  add_executable(calendar_example ${CMAKE_BINARY_DIR}/example.cpp)
  target_link_libraries(calendar_example PRIVATE convoke_calendar)
  add_test(NAME calendar_example COMMAND calendar_example)
  if(EXISTS ${root}/tests/unit/calendar AND CONVOKE_TESTS)
    find_package(Catch2 2.13 REQUIRED)
    find_package(PkgConfig REQUIRED)
    pkg_check_modules(LIBICAL REQUIRED IMPORTED_TARGET libical)
    add_subdirectory(${root}/tests/unit/calendar tests)
  endif()
endfunction()
