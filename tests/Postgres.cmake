# Tests that ask a PostgreSQL server, which is started before the first of them and stopped after the
# last: those of test_ledger whose names say so, and
# tests/cli/server.
set(server ${CMAKE_CURRENT_BINARY_DIR}/postgres_server)
foreach(verb start stop)
  add_test(NAME postgres.${verb} COMMAND ${Python3_EXECUTABLE}
    ${CMAKE_CURRENT_SOURCE_DIR}/support/postgres_server.py ${verb} ${server})
endforeach()
set_tests_properties(postgres.start PROPERTIES FIXTURES_SETUP postgres)
set_tests_properties(postgres.stop PROPERTIES FIXTURES_CLEANUP postgres)

target_sources(test_ledger PRIVATE ledger/postgres_server.cpp)
target_link_libraries(test_ledger PRIVATE PkgConfig::PQ)
target_compile_definitions(test_ledger PRIVATE SFUMATO_POSTGRES)
gtest_discover_tests(test_ledger TEST_PREFIX ledger. TEST_FILTER *ostgres* DISCOVERY_TIMEOUT 60
  PROPERTIES TIMEOUT ${timeout} FIXTURES_REQUIRED postgres ENVIRONMENT SFUMATO_POSTGRES_SERVER=${server})
