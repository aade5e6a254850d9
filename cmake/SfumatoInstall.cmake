# What `cmake --install` puts where: headers, libraries, package files, the program.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(SFUMATO_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/sfumato)

# sfumato_install(BUNDLE EXPORT MODULE...)
function(sfumato_install bundle export)
  list(TRANSFORM ARGN PREPEND sfumato_ OUTPUT_VARIABLE targets)
  list(APPEND targets sfumato_${bundle})
  list(REMOVE_DUPLICATES targets)
  install(TARGETS ${targets} EXPORT ${export} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(EXPORT ${export} NAMESPACE sfumato:: DESTINATION ${SFUMATO_PACKAGE_DIR})
  foreach(module IN LISTS ARGN)
    install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/sfumato/${module}
      DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/sfumato FILES_MATCHING PATTERN *.h)
  endforeach()
endfunction()

sfumato_install(core sfumatoCoreTargets ${SFUMATO_CORE_MODULES})
file(GLOB top_headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/sfumato/*.h)
install(FILES ${top_headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/sfumato)
sfumato_install(keys sfumatoKeysTargets keys)
sfumato_install(homomorphic sfumatoHomomorphicTargets homomorphic)
sfumato_install(deid sfumatoDeidTargets deid)
if(SFUMATO_LEDGER)
  sfumato_install(ledger sfumatoLedgerTargets ledger)
endif()
if(SFUMATO_TABLES)
  sfumato_install(tables sfumatoTablesTargets ${SFUMATO_TABLES_MODULES})
  install(FILES ${PROJECT_SOURCE_DIR}/cmake/SfumatoArrow.cmake ${PROJECT_SOURCE_DIR}/cmake/SfumatoRe2.cmake
    DESTINATION ${SFUMATO_PACKAGE_DIR})
endif()
if(TARGET sfumato_secagg)
  sfumato_install(secagg sfumatoSecaggTargets secagg)
  sfumato_install(federated sfumatoFederatedTargets federated)
endif()
if(TARGET sfumato)
  install(TARGETS sfumato RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/sfumatoConfig.cmake.in
  ${PROJECT_BINARY_DIR}/sfumatoConfig.cmake INSTALL_DESTINATION ${SFUMATO_PACKAGE_DIR})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/sfumatoConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/sfumatoConfig.cmake ${PROJECT_BINARY_DIR}/sfumatoConfigVersion.cmake
  DESTINATION ${SFUMATO_PACKAGE_DIR})

# A linker reads archives once, from left to right: the highest layer comes first.
set(highest_first ${SFUMATO_CORE_MODULES})
list(REVERSE highest_first)
list(TRANSFORM highest_first PREPEND -lsfumato_)
list(JOIN highest_first " " SFUMATO_PC_LIBRARIES)
file(RELATIVE_PATH SFUMATO_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(${PROJECT_SOURCE_DIR}/cmake/sfumato.pc.in ${PROJECT_BINARY_DIR}/sfumato.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/sfumato.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

set(CPACK_PACKAGE_FILE_NAME sfumato-${PROJECT_VERSION}-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR})
include(CPack)
